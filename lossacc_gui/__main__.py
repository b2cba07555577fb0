"""Runs the program: as ``python -m lossacc_gui``, and as ``lossacc-gui``."""

import sys


def main() -> int:
    """Run it; the exit status. Ctrl+C ends it without a word while its modules are still on their way, too."""
    try:
        from lossacc_gui.cli import main as run

        return run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
