"""Numbers that the issue declares about itself in its contents list and in running text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.parser.documents.provision_tree import Provision
from app.parser.records import Declared, Row
from app.parser.structure.contents import Entry
from app.parser.structure.masthead import Identity
from app.parser.text.normalise import fold, numeral

_PIECES = re.compile(r"(\d{1,3}|[一二三四五六七八九十]{1,3})[则条篇]$")
_VILLAGES = re.compile(r"(\d{1,4})个(?:行政)?村")
_BY_DISTRICT = re.compile(r"([\u4e00-\u9fff]{2,12}?(?:区|县|市))(\d{1,4})个")
_BUILDINGS = re.compile(r"((?:19|20)\d{2})年[^。；,]{0,12}清零[^。；,\d]{0,4}(\d{1,4})处")
_PLANS = (("demolition", re.compile("征迁|拆迁")), ("upgrade", re.compile("整治")))


def declared_in_contents(entries: Sequence[Entry], identity: Identity) -> list[Declared]:
    """Return what the contents list declares: how many documents, how many briefs."""
    documents = [entry for entry in entries if entry.document_number]
    declared: list[Declared] = []
    if documents:
        rule = f"documents?published_on={identity.published_on.isoformat()}"
        subject = "documents named in the contents list"
        declared.append(Declared(subject, rule, len(documents), documents[0].line))
    for entry in entries:
        match = _PIECES.search(fold(entry.title))
        count = numeral(match[1]) if match else None
        if count and "简讯" in f"{entry.section}{entry.title}":
            rule = f"briefs?kind=brief&id__startswith={identity.issue_id}."
            declared.append(Declared("briefs announced in the contents list", rule, count, entry.line))
    return declared


def declared_in_goals(document_id: str, rows: Sequence[Row], named_at: Mapping[str, int]) -> list[Declared]:
    """Return the sections that the goals name, which the printed table of sections must hold, all of them.

    `named_at` maps each section's name to its line; without a table of sections nothing is declared.
    """
    if not named_at or not any(row.dataset == "water-sections" and row.table for row in rows):
        return []
    named = f"water-targets?document_id={document_id}#section_id"
    printed = f"water-sections?document_id={document_id}&baseline_class__isnull=false#id"
    subject = "sections named in the goals and sections of the printed table"
    return [Declared(subject, f"{named} = {printed}", len(named_at), min(named_at.values()))]


def declared_in_plan(document_id: str, provisions: Sequence[Provision], datasets: set[str]) -> list[Declared]:
    """Return the numbers of a plan's running text that its own tables must bear out.

    `datasets` names the tables that the document holds; without them nothing can be recounted.
    """
    declared: list[Declared] = []
    for provision in provisions:
        if "urban-villages" in datasets:
            declared += _villages(f"urban-villages?document_id={document_id}", provision)
        if "uncleared-buildings" in datasets:
            for match in _BUILDINGS.finditer(fold(provision.text.replace("“", "").replace("”", ""))):
                rule = f"uncleared-buildings?document_id={document_id}&due_year={match[1]}"
                subject = f"buildings to be cleared in {match[1]}, in the plan's text"
                declared.append(Declared(subject, rule, int(match[2]), provision.first))
    return declared


def _villages(base: str, provision: Provision) -> list[Declared]:
    line = provision.first
    folded = fold(provision.text)
    totals = [(match.start(), int(match[1])) for match in _VILLAGES.finditer(folded)]
    if not totals:
        return []
    plan = next((name for name, words in _PLANS if words.search(provision.heading or "")), None)
    if plan is None:
        return _whole(base, line, [count for _, count in totals])
    rule = f"{base}&plan={plan}"
    declared = [Declared(f"villages under {plan}, in the plan's text", rule, totals[0][1], line)]
    bracket = re.match(r"[^(。]{0,30}\(([^()]{0,300})\)", folded[totals[0][0] :])
    for match in _BY_DISTRICT.finditer(bracket[1] if bracket else ""):
        district = match[1].removeprefix("其中")
        subject = f"villages of {district} under {plan}, in the plan's text"
        declared.append(Declared(subject, f"{rule}&district={district}", int(match[2]), line))
    return declared


def _whole(base: str, line: int, counts: Sequence[int]) -> list[Declared]:
    """The scope of the plan: a total, and the parts that it says the total consists of."""
    declared = [Declared("villages of the plan, in its text", base, counts[0], line)]
    if len(counts) > 1:
        declared.append(Declared("villages of the plan, its parts added up", base, sum(counts[1:]), line))
    return declared
