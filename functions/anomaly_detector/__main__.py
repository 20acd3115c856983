"""`python -m functions.anomaly_detector`: what the detector knows, for people."""

import sys

from functions.anomaly_detector.cli.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
