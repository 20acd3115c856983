"""`python -m functions.scanner`: the scanner on files of this machine, for CI and the curious."""

import sys

from functions.scanner.cli.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
