"""`python -m lambda_warden` is the command `warden`."""

from warden.main import main

if __name__ == "__main__":
    main()
