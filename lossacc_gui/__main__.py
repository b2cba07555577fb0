"""Runs the program as ``python -m lossacc_gui``."""

import sys

from lossacc_gui.cli import main

if __name__ == "__main__":
    sys.exit(main())
