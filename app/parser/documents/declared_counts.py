"""Numbers that the issue states about itself, in its contents list and in running text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.parser.documents.deadlines import extract_plan_years
from app.parser.documents.provision_tree import Provision
from app.parser.records import DeclaredCount, ParsedRow
from app.parser.structure.contents import ContentsEntry
from app.parser.structure.document_starts import is_document
from app.parser.structure.issue_identity import IssueIdentity
from app.parser.text.normalise import fold_width, parse_numeral

# 简讯8则
_BRIEF_COUNT = re.compile(r"(\d{1,3}|[一二三四五六七八九十]{1,3})[则条篇]$")
# 41个村
_VILLAGE_COUNT = re.compile(r"(\d{1,4})个(?:行政)?村")
# 龙湾区12个
_DISTRICT_COUNT = re.compile(r"([\u4e00-\u9fff]{2,12}?(?:区|县|市))(\d{1,4})个")
# 2021年底前清零15处
_BUILDING_COUNT = re.compile(r"((?:19|20)\d{2})年[^。；,]{0,12}清零[^。；,\d]{0,4}(\d{1,4})处")
# 永强塘河片、瑞平塘河片等9大重点区域
_KEY_AREA_COUNT = re.compile(r"等(\d{1,2}|[一二三四五六七八九十]{1,2})(?:大|个)(?:重点)?(?:区域|片区|流域)")
# 三年内完成城中村改造41个以上, 五年内完成24个
_COUNT_IN_YEARS = re.compile(r"([二两三四五六]|\d)年内?完成[^,，。;；\d]{0,10}(\d{1,4})个(?:村)?(以上)?")
# 成员:甲局、乙局主要负责人
_MEMBERS = re.compile(r"成\s?员\s?:\s?([^。\n]{4,400}?)(?:主要)?(?:负责人|负责同志|$|\n|。)")
# The plan of a provision, by the words of its heading.
_PLANS = (("demolition", re.compile("征迁|拆迁")), ("upgrade", re.compile("整治")))


def extract_contents_counts(entries: Sequence[ContentsEntry], identity: IssueIdentity) -> list[DeclaredCount]:
    """Return the numbers of documents and of briefs that the contents list states."""
    documents = [entry for entry in entries if is_document(entry)]
    declared: list[DeclaredCount] = []
    if documents:
        rule = f"documents?published_on={identity.published_on.isoformat()}"
        subject = "documents named in the contents list"
        declared.append(DeclaredCount(subject, rule, len(documents), documents[0].line))
    for entry in entries:
        match = _BRIEF_COUNT.search(fold_width(entry.title))
        count = parse_numeral(match[1]) if match else None
        if count and "简讯" in f"{entry.section}{entry.title}":
            rule = f"briefs?kind=brief&id__startswith={identity.issue_id}."
            declared.append(DeclaredCount("briefs announced in the contents list", rule, count, entry.line))
    return declared


def extract_goal_counts(
    document_id: str, rows: Sequence[ParsedRow], named_at: Mapping[str, int]
) -> list[DeclaredCount]:
    """Return the rule that the goals of a plan and its printed table name the same water sections.

    `named_at` maps the name of each section to its line. Without a printed table of sections the list is empty.
    """
    if not named_at or not any(row.dataset == "water-sections" and row.table for row in rows):
        return []
    named = f"water-targets?document_id={document_id}#section_id"
    printed = f"water-sections?document_id={document_id}&baseline_class__isnull=false#id"
    subject = "sections named in the goals and sections of the printed table"
    return [DeclaredCount(subject, f"{named} = {printed}", len(named_at), min(named_at.values()))]


def extract_plan_counts(document_id: str, provisions: Sequence[Provision], datasets: set[str]) -> list[DeclaredCount]:
    """Return the numbers in the running text of a plan that the plan's own tables must confirm.

    `datasets` names the datasets of the document's tables; numbers without a table are left out.
    """
    declared: list[DeclaredCount] = []
    for provision in provisions:
        if "urban-villages" in datasets:
            declared += _village_counts(f"urban-villages?document_id={document_id}", provision)
        if "uncleared-buildings" in datasets:
            for match in _BUILDING_COUNT.finditer(fold_width(provision.text.replace("“", "").replace("”", ""))):
                rule = f"uncleared-buildings?document_id={document_id}&due_year={match[1]}"
                subject = f"buildings to be cleared in {match[1]}, in the plan's text"
                declared.append(DeclaredCount(subject, rule, int(match[2]), provision.first_line))
    return declared


def extract_further_counts(
    document_id: str, title: str, provisions: Sequence[Provision], datasets: set[str]
) -> list[DeclaredCount]:
    """Return further numbers of a document: key areas, what the first years of a plan must reach, members with duties.

    They come after all others, so that the numbers of checks that were published before stay.
    """
    declared: list[DeclaredCount] = []
    years = extract_plan_years(title)
    for provision in provisions:
        folded, line = fold_width(provision.text), provision.first_line
        if "watersheds" in datasets and (areas := _KEY_AREA_COUNT.search(folded)):
            rule = f"watersheds?document_id={document_id}"
            number = parse_numeral(areas[1]) or 0
            declared.append(DeclaredCount("key areas, in the plan's text", rule, number, line))
        plan = next((name for name, words in _PLANS if words.search(provision.heading or "")), None)
        if "urban-villages" in datasets and plan and years:
            declared += _counts_by_year(document_id, plan, years[0], folded, line)
        declared += _member_counts(document_id, provision, provisions)
    return declared


def _counts_by_year(document_id: str, plan: str, first_year: int, folded: str, line: int) -> list[DeclaredCount]:
    """Return how many villages the first years of a plan must finish (三年内完成41个以上), against the list."""
    declared: list[DeclaredCount] = []
    for match in _COUNT_IN_YEARS.finditer(folded):
        last_year = first_year + (parse_numeral(match[1]) or 1) - 1
        rule = f"urban-villages?document_id={document_id}&plan={plan}&year_to__lte={last_year}"
        number, at_least = int(match[2]), bool(match[3])
        subject = f"villages under {plan} by {last_year}, in the plan's text"
        declared.append(DeclaredCount(subject, f"{rule} >= {number}" if at_least else rule, number, line))
    return declared


def _member_counts(document_id: str, provision: Provision, provisions: Sequence[Provision]) -> list[DeclaredCount]:
    """Return the number of members of a body, when the items below the list are the duties of each (按以下分工)."""
    match = _MEMBERS.search(fold_width(provision.text))
    if match is None or "分工" not in provision.text:
        return []
    members = [name for name in re.split("[、,]", match[1]) if name.strip()]
    if not any(each.parent is provision and each.rank.level == "item" for each in provisions):
        return []
    rule = f"provisions?document_id={document_id}&path__startswith={provision.path}.&level=item"
    return [DeclaredCount("members of the body with duties", rule, len(members), provision.first_line)]


def _village_counts(base: str, provision: Provision) -> list[DeclaredCount]:
    line = provision.first_line
    folded = fold_width(provision.text)
    totals = [(match.start(), int(match[1])) for match in _VILLAGE_COUNT.finditer(folded)]
    if not totals:
        return []
    plan = next((name for name, words in _PLANS if words.search(provision.heading or "")), None)
    if plan is None:
        return _plan_total_counts(base, line, [count for _, count in totals])
    rule = f"{base}&plan={plan}"
    declared = [DeclaredCount(f"villages under {plan}, in the plan's text", rule, totals[0][1], line)]
    bracket = re.match(r"[^(。]{0,30}\(([^()]{0,300})\)", folded[totals[0][0] :])
    for match in _DISTRICT_COUNT.finditer(bracket[1] if bracket else ""):
        district = match[1].removeprefix("其中")
        subject = f"villages of {district} under {plan}, in the plan's text"
        declared.append(DeclaredCount(subject, f"{rule}&district={district}", int(match[2]), line))
    return declared


def _plan_total_counts(base: str, line: int, counts: Sequence[int]) -> list[DeclaredCount]:
    """Return the total that the plan states, and the sum of the parts that it says the total consists of."""
    declared = [DeclaredCount("villages of the plan, in its text", base, counts[0], line)]
    if len(counts) > 1:
        declared.append(DeclaredCount("villages of the plan, its parts added up", base, sum(counts[1:]), line))
    return declared
