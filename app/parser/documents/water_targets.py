"""Dated targets for water-quality sections, from the goals in the text of a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.parser.documents.deadlines import extract_plan_years
from app.parser.documents.provision_tree import Provision
from app.parser.documents.vocabulary import STRIVING_WORDS, compile_any_of
from app.parser.records import Area, DeclaredCount, Doubt, IssueContext, ParsedRow, ReadResult, Value
from app.parser.text.normalise import fold_width
from app.parser.text.slugs import slug

_ROMAN_CLASSES = {"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "Ⅴ": "V", "Ⅵ": "VI"}
_LATIN_CLASSES = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"} | {
    name: name for name in ("I", "II", "III", "IV", "V")
}
_CLASS = r"(劣?)([ⅠⅡⅢⅣⅤ]|I{1,3}|IV|V|[1-5])"
# 甲、乙等3个断面水质稳定达到Ⅲ类
_TARGET = re.compile(
    rf"(?P<names>[^。；;\d]{{1,200}}?)(?:(?P<count>\d{{1,3}})个)?断面(?:的)?水质(?P<between>[^。；;,断]{{0,12}}?)"
    rf"(?P<verb>消除|提升[到至为]|提高[到至]|改善[到至]|达到|稳定达到|稳定在|稳定保持|巩固在|巩固|保持在?|优于){_CLASS}类"
)
# 2021-2022年力争Ⅲ类, 2023年稳定达到Ⅲ类
_DATED_PROMISE = re.compile(
    rf"(?P<first>(?:19|20)\d{{2}})(?:[-~至到](?P<last>(?:19|20)\d{{2}}))?年(?P<words>[^\d,;。]{{0,8}}?){_CLASS}类"
)
_HOLD = re.compile(r"稳定|巩固|保持")
_YEARS = re.compile(r"((?:19|20)\d{2})(?:年?[到至-]+((?:19|20)\d{2}))?年")
_STRIVING = compile_any_of(STRIVING_WORDS)
_NOT_A_NAME = re.compile(r"所有|全部|各|全市|全县|全区|省控|市控|国控|以上|重点|类|断面|水质")
_COUNTY_LEVELS = {"district", "county", "county_level_city", "functional_zone", "city"}


@dataclass(slots=True)
class WaterTargets:
    """The target rows of a document, and what its goals say about each section, by section name.

    `areas_by_section` holds the areas named with a section, `line_by_section` the line that names it first,
    `class_by_section` the last class that it must reach or hold.
    """

    result: ReadResult = field(default_factory=ReadResult)
    areas_by_section: dict[str, list[str]] = field(default_factory=dict)
    line_by_section: dict[str, int] = field(default_factory=dict)
    class_by_section: dict[str, str] = field(default_factory=dict)


def extract_water_targets(title: str, provisions: Sequence[Provision], context: IssueContext) -> WaterTargets:
    """Return the targets stated by the provisions under a heading of goals (目标)."""
    targets = WaterTargets()
    counts: dict[tuple[str, int], int] = {}
    period = extract_plan_years(title)
    for provision in provisions:
        if _is_under_goal_heading(provision) and "断面" in provision.text:
            _extract_from_goal(provision, period, context, targets, counts)
    return targets


def _is_under_goal_heading(provision: Provision) -> bool:
    node: Provision | None = provision
    while node is not None:
        if node.heading and "目标" in node.heading:
            return True
        node = node.parent
    return False


def _extract_from_goal(
    provision: Provision,
    period: tuple[int, int] | None,
    context: IssueContext,
    targets: WaterTargets,
    counts: dict[tuple[str, int], int],
) -> None:
    for sentence in re.split(r"[。；;]", fold_width(provision.text)):
        years, has_printed_years = period, False
        position = 0
        while match := _TARGET.search(sentence, position):
            names = match["names"].lstrip("年,，、到至底 ")
            before = sentence[position : match.start("names") + 1]
            if printed_years := list(_YEARS.finditer(before)):
                last = printed_years[-1]
                years, has_printed_years = (int(last[1]), int(last[2] or last[1])), True
            clause = _Clause(provision, context, match, names, years, has_printed_years)
            clause.add_to(targets, counts)
            position = match.end()


@dataclass(slots=True)
class _Clause:
    """One clause of a goal: the names of sections, the class that they must reach, and the years."""

    provision: Provision
    context: IssueContext
    match: re.Match[str]
    names: str
    years: tuple[int, int] | None
    has_printed_years: bool

    def add_to(self, targets: WaterTargets, counts: dict[tuple[str, int], int]) -> None:
        """Add a row for every section that the clause names, and the printed number of sections as a declared count."""
        sections = split_section_names(self.names, self.context.areas)
        if not sections:
            return
        for name, areas in sections:
            targets.line_by_section.setdefault(name, self.provision.first_line)
            known = targets.areas_by_section.setdefault(name, [])
            known += [area for area in areas if area not in known]
        if self._commitment() != "eliminate_V" and (target_class := _water_class(self.match)):
            targets.class_by_section |= dict.fromkeys((name for name, _ in sections), target_class)
        if self.years is None:
            for name, _ in sections:
                reason = "a promise without a year, in a plan whose title names none: no target row"
                targets.result.doubts.append(Doubt(self.provision.first_line, name, reason))
            return
        for name, _ in sections:
            targets.result.rows.append(self._build_row(name, self.years, counts))
        self._add_declared_count(len(sections), targets.result)

    def _add_declared_count(self, found_count: int, result: ReadResult) -> None:
        if not self.match["count"] or self.years is None:
            return
        declared = int(self.match["count"])
        line = self.provision.first_line
        rule = (
            f"water-targets?provision_id={self.context.document_id}.{self.provision.path}"
            f"&year_from={self.years[0]}&year_to={self.years[1]}&commitment={self._commitment()}"
        )
        span = "–".join(map(str, sorted(set(self.years))))
        subject = f"sections that the goals name for {span} ({self._commitment().replace('_', ' ')})"
        result.declared.append(DeclaredCount(subject, rule, declared, line))
        if declared != found_count:
            result.doubts.append(Doubt(line, self.names, f"{declared} sections declared, {found_count} names found"))

    def _commitment(self) -> str:
        if self.match["verb"] == "消除":
            return "eliminate_V"
        is_hold = _HOLD.search(self.match["between"] + self.match["verb"]) is not None
        return "hold" if is_hold and "提升" not in self.match["verb"] else "reach"

    def _build_row(self, name: str, years: tuple[int, int], counts: dict[tuple[str, int], int]) -> ParsedRow:
        section = slug(name) or "section"
        number = counts[section, years[1]] = counts.get((section, years[1]), 0) + 1
        eliminate = self._commitment() == "eliminate_V"
        return ParsedRow(
            "water-targets",
            f"{section}.{years[1]}.{number}",
            {
                "document_id": self.context.document_id,
                "provision_id": f"{self.context.document_id}.{self.provision.path}",
                "section_id": section,
                "year_from": years[0],
                "year_to": years[1],
                "target_class": None if eliminate else _water_class(self.match),
                "commitment": self._commitment(),
                "certainty": "strive" if _STRIVING.search(self.match["between"]) else "firm",
            },
            self.provision.first_line,
            self.provision.last_line,
            self.context.document_id,
            notes=None if self.has_printed_years else "no year printed; the years are those of the plan's title",
        )


def extract_goal_targets(
    document_id: str, provisions: Sequence[Provision], rows: Sequence[ParsedRow], known: Sequence[ParsedRow]
) -> list[ParsedRow]:
    """Return the dated promises in the goals of a table of key areas that `known`, those of the text, do not have.

    永中断面水质2021-2022年力争Ⅲ类，2023年达到Ⅲ类 gives two promises, each with its own years.
    """
    annexes = [provision for provision in provisions if provision.rank.level == "annex"]
    names = ("section_id", "year_from", "year_to", "target_class")
    taken = {tuple(row.fields[name] for name in names) for row in known}
    counts: dict[tuple[str, int], int] = {}
    for row in known:
        key = (str(row.fields["section_id"]), int(str(row.fields["year_to"])))
        counts[key] = counts.get(key, 0) + 1
    found: list[ParsedRow] = []
    for row in (each for each in rows if each.dataset == "watersheds"):
        annex = next((each for each in reversed(annexes) if each.first_line <= row.first_line), None)
        for fields in _read_goal(row) if annex else ():
            key = (str(fields["section_id"]), int(str(fields["year_to"])))
            if annex is None or tuple(fields[name] for name in names) in taken:
                continue
            taken.add(tuple(fields[name] for name in names))
            counts[key] = counts.get(key, 0) + 1
            ids = {"document_id": document_id, "provision_id": f"{document_id}.{annex.path}"}
            row_id = f"{key[0]}.{key[1]}.{counts[key]}"
            place = (row.first_line, row.last_line, document_id)
            found.append(ParsedRow("water-targets", row_id, {**ids, **fields}, *place, table=row.table, row=row.row))
    return found


def _read_goal(row: ParsedRow) -> Iterator[dict[str, Value]]:
    """Yield the promises of a row whose goal names one section: years, class, and how firm."""
    goals, section_ids = fold_width(str(row.fields["goal"] or "")), row.fields["section_ids"]
    parts = [part for part in re.split(r"[;。]", goals) if "断面" in part]
    if not isinstance(section_ids, list) or len(parts) != len(section_ids):
        return
    for part, section_id in zip(parts, section_ids, strict=True):
        for match in _DATED_PROMISE.finditer(part):
            words = match["words"]
            yield {
                "section_id": section_id,
                "year_from": int(match["first"]),
                "year_to": int(match["last"] or match["first"]),
                "target_class": _water_class(match),
                "commitment": "hold" if _HOLD.search(words) else "reach",
                "certainty": "strive" if _STRIVING.search(words) else "firm",
            }


def _water_class(match: re.Match[str]) -> str | None:
    poor, figure = match.groups()[-2:]
    if poor:
        return "inferior_V"
    return _ROMAN_CLASSES.get(figure) or _LATIN_CLASSES.get(figure)


def split_section_names(text: str, areas: Sequence[Area]) -> list[tuple[str, list[str]]]:
    """Split a printed list of sections into (name, areas named with it).

    `甲外渡、东渡，乙、丙江渡` gives 外渡 and 东渡 of 甲, and 江渡 of 乙 and 丙. The name of an area applies until
    the next comma or area. An area without a section belongs to the section after it.
    """
    sections: list[tuple[str, list[str]]] = []
    for group in re.split("[,，]", text):
        tokens = [token.strip() for token in re.split("[、和及与]", group) if token.strip()]
        areas_named: list[str] = []
        pending: list[str] = []
        for index, token in enumerate(tokens):
            area, rest = _split_area(token, areas)
            if area and not rest and index + 1 < len(tokens):
                pending.append(area)
                continue
            name = rest or token
            if area and rest:
                areas_named = [*pending, area]
            elif pending:
                areas_named = list(pending)
            pending = []
            if not _NOT_A_NAME.search(name) and len(name) <= 8:
                sections.append((name, areas_named))
    return sections


def _split_area(token: str, areas: Sequence[Area]) -> tuple[str | None, str]:
    """Split off the area that a token begins with; return its official name, None without one, and the rest."""
    best: tuple[str, str] | None = None
    for area in areas:
        if area.level not in _COUNTY_LEVELS:
            continue
        for form in (area.name_zh, area.name_zh[:-1]):
            if len(form) >= 2 and token.startswith(form) and (best is None or len(form) > len(best[1])):
                best = (area.name_zh, form)
    return (best[0], token[len(best[1]) :]) if best else (None, token)
