"""`python -m functions.anomaly_detector`: the detector on a function's past."""

import sys

from functions.anomaly_detector.cli.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
