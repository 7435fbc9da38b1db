"""Dated promises about water-quality sections, from the goals in a plan's own text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.parser.documents.provision_tree import Provision
from app.parser.records import Area, Context, Declared, Doubt, Reading, Row
from app.parser.text.normalise import fold
from app.parser.text.slugs import slug

_CLASSES = {"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "Ⅴ": "V", "Ⅵ": "VI"}
_LATIN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"} | {name: name for name in ("I", "II", "III", "IV", "V")}
_CLASS = r"(劣?)([ⅠⅡⅢⅣⅤ]|I{1,3}|IV|V|[1-5])"
_PROMISE = re.compile(
    rf"(?P<names>[^。；;\d]{{1,200}}?)(?:(?P<count>\d{{1,3}})个)?断面(?:的)?水质(?P<between>[^。；;,断]{{0,12}}?)"
    rf"(?P<verb>消除|提升[到至为]|提高[到至]|改善[到至]|达到|稳定达到|稳定在|稳定保持|巩固在|巩固|保持在?|优于){_CLASS}类"
)
_HOLD = re.compile(r"稳定|巩固|保持")
_YEARS = re.compile(r"((?:19|20)\d{2})(?:年?[到至-]+((?:19|20)\d{2}))?年")
_PERIOD = re.compile(r"\(?((?:19|20)\d{2})年?\s?[-~至到]+\s?((?:19|20)\d{2})年?\)?")
_STRIVE = re.compile(r"力争|争取|努力|力求")
_NO_NAME = re.compile(r"所有|全部|各|全市|全县|全区|省控|市控|国控|以上|重点|类|断面|水质")
_COUNTY_LEVELS = {"district", "county", "county_level_city", "functional_zone", "city"}


@dataclass(slots=True)
class Targets:
    """The rows found, and what the text says of each section by its name.

    `named`: the areas named with it; `named_at`: the line; `classes`: the class to reach or hold
    that is promised last.
    """

    reading: Reading = field(default_factory=Reading)
    named: dict[str, list[str]] = field(default_factory=dict)
    named_at: dict[str, int] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)


def plan_period(title: str) -> tuple[int, int] | None:
    """Return the years in a plan's title: (2021, 2023) for `…（2021—2023年）`."""
    match = _PERIOD.search(fold(title))
    return (int(match[1]), int(match[2])) if match and match[1] <= match[2] else None


def read_targets(title: str, provisions: Sequence[Provision], context: Context) -> Targets:
    """Read the promises of the provisions under a heading of goals (目标)."""
    targets = Targets()
    counts: dict[tuple[str, int], int] = {}
    period = plan_period(title)
    for provision in provisions:
        if _is_goal(provision) and "断面" in provision.text:
            _read_goal(provision, period, context, targets, counts)
    return targets


def _is_goal(provision: Provision) -> bool:
    node: Provision | None = provision
    while node is not None:
        if node.heading and "目标" in node.heading:
            return True
        node = node.parent
    return False


def _read_goal(
    provision: Provision,
    period: tuple[int, int] | None,
    context: Context,
    targets: Targets,
    counts: dict[tuple[str, int], int],
) -> None:
    for sentence in re.split(r"[。；;]", fold(provision.text)):
        years, printed = period, False
        done = 0
        while match := _PROMISE.search(sentence, done):
            lead = match["names"]
            before = sentence[done : match.start("names") + 1]
            if found := list(_YEARS.finditer(before)):
                last = found[-1]
                years, printed = (int(last[1]), int(last[2] or last[1])), True
            promise = _Promise(provision, context, match, lead.lstrip("年,，、到至底 "), years, printed)
            promise.add_to(targets, counts)
            done = match.end()


@dataclass(slots=True)
class _Promise:
    """One clause: these sections, this class, these years."""

    provision: Provision
    context: Context
    match: re.Match[str]
    names: str
    years: tuple[int, int] | None
    printed: bool

    def add_to(self, targets: Targets, counts: dict[tuple[str, int], int]) -> None:
        """Append a row for every section named, and the printed count as a declared number."""
        sections = split_names(self.names, self.context.areas)
        if not sections:
            return
        for name, areas in sections:
            targets.named_at.setdefault(name, self.provision.first)
            known = targets.named.setdefault(name, [])
            known += [area for area in areas if area not in known]
        if self._commitment() != "eliminate_V" and (promised := _class(self.match)):
            targets.classes |= dict.fromkeys((name for name, _ in sections), promised)
        if self.years is None:
            for name, _ in sections:
                why = "a promise without a year, in a plan whose title names none: no target row"
                targets.reading.doubts.append(Doubt(self.provision.first, name, why))
            return
        for name, _ in sections:
            targets.reading.rows.append(self._row(name, self.years, counts))
        self._declare(len(sections), targets.reading)

    def _declare(self, found: int, reading: Reading) -> None:
        if not self.match["count"] or self.years is None:
            return
        declared = int(self.match["count"])
        line = self.provision.first
        rule = (
            f"water-targets?provision_id={self.context.document_id}.{self.provision.path}"
            f"&year_from={self.years[0]}&year_to={self.years[1]}&commitment={self._commitment()}"
        )
        span = "–".join(map(str, sorted(set(self.years))))
        subject = f"sections that the goals name for {span} ({self._commitment().replace('_', ' ')})"
        reading.declared.append(Declared(subject, rule, declared, line))
        if declared != found:
            reading.doubts.append(Doubt(line, self.names, f"{declared} sections declared, {found} names found"))

    def _commitment(self) -> str:
        if self.match["verb"] == "消除":
            return "eliminate_V"
        held = _HOLD.search(self.match["between"] + self.match["verb"])
        return "hold" if held and "提升" not in self.match["verb"] else "reach"

    def _row(self, name: str, years: tuple[int, int], counts: dict[tuple[str, int], int]) -> Row:
        section = slug(name) or "section"
        number = counts[section, years[1]] = counts.get((section, years[1]), 0) + 1
        eliminate = self._commitment() == "eliminate_V"
        return Row(
            "water-targets",
            f"{section}.{years[1]}.{number}",
            {
                "document_id": self.context.document_id,
                "provision_id": f"{self.context.document_id}.{self.provision.path}",
                "section_id": section,
                "year_from": years[0],
                "year_to": years[1],
                "target_class": None if eliminate else _class(self.match),
                "commitment": self._commitment(),
                "certainty": "strive" if _STRIVE.search(self.match["between"]) else "firm",
            },
            self.provision.first,
            self.provision.last,
            self.context.document_id,
            notes=None if self.printed else "no year printed; the years are those of the plan's title",
        )


def _class(match: re.Match[str]) -> str | None:
    poor, figure = match.groups()[-2:]
    if poor:
        return "inferior_V"
    return _CLASSES.get(figure) or _LATIN.get(figure)


def split_names(text: str, areas: Sequence[Area]) -> list[tuple[str, list[str]]]:
    """Split a printed list of sections into names and the areas named with each.

    `甲外渡、东渡，乙、丙江渡` gives 外渡 and 东渡 of 甲, 江渡 of 乙 and 丙: an area's name
    holds until the next comma or area, and an area alone goes with the name after it.
    """
    found: list[tuple[str, list[str]]] = []
    for group in re.split("[,，]", text):
        tokens = [token.strip() for token in re.split("[、和及与]", group) if token.strip()]
        held: list[str] = []
        pending: list[str] = []
        for index, token in enumerate(tokens):
            area, rest = _strip_area(token, areas)
            if area and not rest and index + 1 < len(tokens):
                pending.append(area)
                continue
            name = rest or token
            if area and rest:
                held = [*pending, area]
            elif pending:
                held = list(pending)
            pending = []
            if not _NO_NAME.search(name) and len(name) <= 8:
                found.append((name, held))
    return found


def _strip_area(token: str, areas: Sequence[Area]) -> tuple[str | None, str]:
    """Return the official name of the area that a token begins with, and the rest of the token."""
    best: tuple[str, str] | None = None
    for area in areas:
        if area.level not in _COUNTY_LEVELS:
            continue
        for form in (area.name_zh, area.name_zh[:-1]):
            if len(form) >= 2 and token.startswith(form) and (best is None or len(form) > len(best[1])):
                best = (area.name_zh, form)
    return (best[0], token[len(best[1]) :]) if best else (None, token)
