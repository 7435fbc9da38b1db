"""`gazette` and `python -m app.cli`."""

import sys

from app.cli.interrupts import exit_on_interrupt, ignore_interrupts
from app.cli.streams import prepare_streams


def main() -> int:
    """Run the command and return its exit code."""
    exit_on_interrupt()
    prepare_streams()
    from app.cli.main import main as run

    code = run()
    ignore_interrupts()
    return code


if __name__ == "__main__":
    sys.exit(main())
