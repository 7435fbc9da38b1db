"""`gazette` and `python -m app.cli`."""

import sys


def main() -> int:
    """Run the command; an interruption while the program is still being imported ends it like any other."""
    try:
        from app.cli.main import main as run

        return run()
    except KeyboardInterrupt:
        sys.stderr.write("gazette: interrupted\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
