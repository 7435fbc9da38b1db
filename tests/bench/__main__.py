"""`python -m tests.bench`: make the data, start the servers, drive them in turn, print the table."""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench import reference
from tests.bench.build import Databases, build
from tests.bench.bulk import bulk, idle
from tests.bench.fleet import Fleet, fleet, limit
from tests.bench.growth import growth, second_database
from tests.bench.page import asked_before
from tests.bench.race import race, tell
from tests.bench.report import Line, markdown
from tests.bench.works import WORKS, item, limits
from tests.support.postgres import temporary_postgres

ROUNDS = 3
NAMES = ("memory", "cached", "304", *WORKS, "W5")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 1 when a bar is not met."""
    options = parser().parse_args(arguments)
    if options.reference is not None and options.grown:
        parser().error("--grown is not known with --reference")
    names = NAMES if options.reference is None else reference.NAMES
    only = options.only.split(",") if options.only else names
    if unknown := set(only) - set(names):
        parser().error(f"--only knows {', '.join(names)}, not {', '.join(sorted(unknown))}")
    if options.rounds is None:
        options.rounds = ROUNDS if options.reference is None else reference.ROUNDS
    before = os.getloadavg()[0]
    lines: list[Line] = []
    with ExitStack() as stack:
        directory = stack.enter_context(working_directory(options.keep))
        postgres = stack.enter_context(temporary_postgres())
        tell(f"making {options.rows:,} observations")
        databases = build(directory, postgres, options.rows)
        if options.reference is None:
            lines += beside_peers(stack, databases, directory, options, only)
        else:
            started = stack.enter_context(reference.pairs(databases, options.reference, directory))
            lines += reference.compare(started, options.rows, only, options.rounds, options.seconds, directory)
    sys.stdout.write(f"{heading(options, before)}\n\n{markdown(lines)}\n")
    return int(any(line.verdict.startswith("no") for line in lines))


def beside_peers(
    stack: ExitStack, databases: Databases, directory: Path, options: argparse.Namespace, only: Sequence[str]
) -> Iterator[Line]:
    """Start this service and its peers, and measure them."""
    started = stack.enter_context(fleet(databases, directory))
    yield from measure(started, directory, options, only)
    if options.grown:
        tell(f"making {options.grown:,} observations")
        data = build(directory, second_database(databases.postgres), options.grown)
        more = stack.enter_context(fleet(data, directory))
        top = stack.enter_context(limit(more.ours["SQLite"], limits(more), directory))
        for work in growth(started, more, top):
            yield from race(work, options.rounds, options.seconds, directory)


def measure(started: Fleet, directory: Path, options: argparse.Namespace, only: Sequence[str]) -> Iterator[Line]:
    """Every line that is wanted."""
    if "memory" in only:
        yield from idle(started)
    with limit(started.ours["SQLite"], limits(started), directory) as top:
        works = [work for work in asked_before(started, top) if work.name in only]
        works += [make(started, top) for name, make in WORKS.items() if name in only]
        for work in works:
            yield from race(work, options.rounds, options.seconds, directory)
        if "W5" in only:
            yield from bulk(started, item(started, top), options.rounds, options.seconds, directory)


@contextmanager
def working_directory(keep: Path | None) -> Iterator[Path]:
    """Where databases and logs stand: a new directory that is removed afterwards, or one to be kept."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            yield Path(name)
    else:
        keep.mkdir(parents=True)
        yield keep.resolve()


def heading(options: argparse.Namespace, before: float) -> str:
    """Under which conditions the table came about."""
    cores, python = len(os.sched_getaffinity(0)), platform.python_version()
    sizes = f"{options.rows:,} observations" + (f" and {options.grown:,}" if options.grown else "")
    run = f"{sizes}; {options.rounds} rounds of {options.seconds} seconds"
    return f"{run}; {cores} cores, Python {python}; load average {before:.1f} before, {os.getloadavg()[0]:.1f} after."


def checkout(text: str) -> Path:
    """Return the directory of a checkout whose server can be started; raises ArgumentTypeError."""
    root = Path(text).resolve()
    try:
        reference.server_command(root)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return root


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    made.add_argument("--rows", type=int, default=1_000_000, help="observations (a multiple of 5000)")
    made.add_argument("--grown", type=int, help="beside them W1 to W4 on so many")
    made.add_argument("--rounds", type=int, help=f"{ROUNDS} by default, {reference.ROUNDS} with --reference")
    made.add_argument("--seconds", type=int, default=4, help="of each contender in each round")
    made.add_argument("--only", help=f"some of {','.join(NAMES)}")
    made.add_argument(
        "--reference", type=checkout, metavar="PATH", help="compare with this older checkout instead of with the peers"
    )
    made.add_argument("--keep", type=Path, metavar="DIR", help="a new directory, left there with the SQLite databases")
    return made


if __name__ == "__main__":
    sys.exit(main())
