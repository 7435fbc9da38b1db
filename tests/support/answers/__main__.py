"""The command line: `record DIR` and `compare DIR_A DIR_B`."""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.support.answers.comparing import compare
from tests.support.answers.masking import MASKED_FIELDS, MASKS
from tests.support.answers.recording import record
from tests.support.answers.service import Checkout

OWN_CHECKOUT = Path(__file__).resolve().parents[3]
MOST_SHOWN = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when it is done and nothing differs, 1 when answers differ, 2 when it is impossible."""
    options = build_parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except (OSError, RuntimeError, ValueError) as error:
        sys.stderr.write(f"answers: {error}\n")
        return 2


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    masks = [f"{mask.where}: {mask.what} ({mask.why})" for mask in MASKS]
    masks += [f"header {name} ({reason})" for name, reason in MASKED_FIELDS.items()]
    parser = argparse.ArgumentParser(prog="python -m tests.support.answers", description="Record and compare answers.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("record", help="ask a service everything and keep its answers")
    command.add_argument("directory", type=Path, metavar="DIR", help="where to; must not exist, or be empty")
    command.add_argument("--checkout", type=Path, default=OWN_CHECKOUT, metavar="PATH", help="whose code is served")
    command.add_argument("--requests", type=Path, metavar="FILE", help="the requests.json of an earlier recording")
    command.add_argument("--text", type=Path, metavar="FILE", help="load a gazette's text after the bundled data")
    command.add_argument("--plain", action="store_true", help="serve by uvicorn's default protocol")
    command.set_defaults(run=run_record)
    about = "compare two recordings; left out are " + "; ".join(masks)
    command = commands.add_parser("compare", help="tell what differs", description=about)
    command.add_argument("first", type=Path, metavar="DIR_A")
    command.add_argument("second", type=Path, metavar="DIR_B")
    command.add_argument("--most", type=int, default=MOST_SHOWN, metavar="NUMBER", help="differences shown in full")
    command.set_defaults(run=run_compare)
    return parser


def run_record(options: argparse.Namespace) -> int:
    """Record."""
    if options.directory.exists() and any(options.directory.iterdir()):
        raise ValueError(f"'{options.directory}' is not empty")
    text = options.text.resolve(strict=True) if options.text else None
    checkout = Checkout(options.checkout.resolve(), options.plain)
    record(options.directory, checkout, text, options.requests)
    return 0


def run_compare(options: argparse.Namespace) -> int:
    """Compare, and list what differs."""
    counts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for difference in compare(options.first, options.second):
        if counts.total() < options.most:
            sys.stdout.write("\n".join(difference.lines()) + "\n")
        counts[f"{difference.database}, {difference.request.part}"] += 1
        kinds.update(difference.kinds)
    for where, number in counts.items():
        sys.stdout.write(f"{number} different in {where}\n")
    for kind, number in kinds.most_common():
        sys.stdout.write(f"{number} times another {kind}\n")
    sys.stdout.write(f"{counts.total()} answers differ\n" if counts else "no answer differs\n")
    return 1 if counts else 0


if __name__ == "__main__":
    sys.exit(main())
