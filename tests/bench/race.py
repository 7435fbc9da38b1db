"""Driving contenders in turn, round by round, and what their rates say of the claims."""

import sys
from collections import defaultdict
from pathlib import Path

from tests.bench.drive import Measured, ask, drive
from tests.bench.report import Line, ratios
from tests.bench.terms import Claim, Contender, Work, facts_of

Results = dict[str, list[Measured]]


def race(work: Work, rounds: int, seconds: int, directory: Path) -> list[Line]:
    """The lines of a work."""
    results = drive_in_turn(work, rounds, seconds, directory)
    return [_line(work, claim, results) for claim in work.claims]


def drive_in_turn(work: Work, rounds: int, seconds: int, directory: Path) -> Results:
    """Drive everybody whose answer is right, after a second of warming up; every other round in the reverse order."""
    faults = check(work)
    if faults:
        tell("\n".join(f"{work.name}: {fault}" for fault in faults))
    contenders = [contender for contender in work.contenders if contender.name not in faults]
    results: Results = defaultdict(list)
    for contender in contenders:
        drive(contender.server, contender.questions, contender.connections, 1, directory)
    for number in range(rounds):
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            tell(f"{work.name}, {work.title}: round {number + 1}, {contender.name}")
            seen = drive(contender.server, contender.questions, contender.connections, seconds, directory)
            results[contender.name].append(seen)
    return results


def check(work: Work) -> dict[str, str]:
    """Who does not answer, or not the same as the first contender, with what is wrong."""
    found = {contender.name: _answer(contender) for contender in work.contenders}
    expected = next(iter(found.values()))
    faults = {}
    for contender in work.contenders:
        answer = found[contender.name]
        if contender.facts is None:
            wrong = answer not in (200, 304)
        else:
            wrong = isinstance(answer, int) or (_comparable(contender, work) and answer != expected)
        if wrong:
            faults[contender.name] = f"{contender.name} answers {answer!r}, not {expected!r}"
    return faults


def _comparable(contender: Contender, work: Work) -> bool:
    return contender.facts is work.contenders[0].facts


def _answer(contender: Contender) -> object:
    questions = contender.questions
    return facts_of(contender, ask(contender.server, questions.path(0), questions.headers))


def _line(work: Work, claim: Claim, results: Results) -> Line:
    what, measure = f"{work.title}: {claim.subject}", f"× {claim.reference}"
    one, other = results.get(claim.subject), results.get(claim.reference)
    if not one or not other:
        return Line(work.name, what, measure, [0.0], claim.bar, remark="not to be had")
    failed = sum(seen.failed for seen in (*one, *other))
    figures = ratios([seen.rate for seen in one], [seen.rate for seen in other])
    costs = ratios([seen.cost for seen in other], [seen.cost for seen in one])
    remark = f"{failed} requests failed" if failed else ""
    return Line(work.name, what, measure, figures, claim.bar, costs, remark)


def tell(text: str) -> None:
    """Say how far things are; the table alone goes to standard output."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
