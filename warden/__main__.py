"""`python -m warden`: the same as the command `warden`."""

from warden.main import main

if __name__ == "__main__":
    main()
