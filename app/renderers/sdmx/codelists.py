"""The vocabulary of the indicators in SDMX: components and code lists, from the datasets' own declarations and rows.

Ids of areas, indicators and measures are the service's own, which are valid SDMX ids as they are.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.datasets import DATASETS
from app.datasets.observations import MEASURES, ObsStatus
from app.model.dataset import Fact
from app.model.rows import Record

AGENCY = "GAZETTE"
VERSION = "1.0"
FLOW = "INDICATORS"
"""The id of the dataflow and of its data structure."""
CONCEPTS = "CONCEPTS"
OBSERVATIONS = DATASETS["observations"]
INDICATORS = DATASETS["indicators"]
AREAS = DATASETS["areas"]
WHO = ("Municipal gazette", "市人民政府公报")


@dataclass(frozen=True, slots=True)
class Term:
    """A code, concept or organisation; a name that nobody has written is None, but never both."""

    id: str
    en: str | None
    zh: str | None
    parent: str | None = None

    @property
    def names(self) -> dict[str, str]:
        """The names by their languages."""
        return {language: name for language, name in (("en", self.en), ("zh", self.zh)) if name}

    @property
    def best(self) -> str:
        """The name where one must do: the English one, else the Chinese."""
        return self.en or self.zh or self.id


@dataclass(frozen=True, slots=True)
class Component:
    """One component of the data structure, in the role that it plays.

    `related` are the dimensions that an attribute belongs to, none for one of the single observation.
    """

    id: str
    role: str
    fact: Fact
    codelist: str | None = None
    text: str = "String"
    related: tuple[str, ...] = ()
    required: bool = True


def _fact(field: str) -> Fact:
    return OBSERVATIONS.by_name[field].fact


OF_UNIT = ("INDICATOR", "TRANSFORMATION")
COMPONENTS: tuple[Component, ...] = (
    Component("FREQ", "dimension", Fact("频率", "Frequency"), "CL_FREQ"),
    Component("REF_AREA", "dimension", _fact("area_id"), "CL_AREA"),
    Component("INDICATOR", "dimension", _fact("indicator_id"), "CL_INDICATOR"),
    Component("TRANSFORMATION", "dimension", Fact("口径", "Transformation"), "CL_TRANSFORMATION"),
    Component("TIME_PERIOD", "time", _fact("period"), text="ObservationalTimePeriod"),
    Component("OBS_VALUE", "measure", Fact("数值", "Observation value"), text="Decimal", required=False),
    Component("OBS_STATUS", "attribute", Fact("状态", "Observation status"), "CL_OBS_STATUS"),
    Component("UNIT_MEASURE", "attribute", Fact("单位", "Unit of measure"), "CL_UNIT", related=OF_UNIT, required=False),
    Component(
        "UNIT_MULT", "attribute", Fact("单位倍数", "Unit multiplier"), "CL_UNIT_MULT", related=OF_UNIT, required=False
    ),
    Component("DECIMALS", "attribute", Fact("小数位数", "Decimals, as printed"), "CL_DECIMALS", required=False),
    Component("ISSUE", "attribute", _fact("issue_id")),
)
"""Every component, in the order in which a message holds them; the value may be missing, as its status says."""
IDS = tuple(component.id for component in COMPONENTS)
DIMENSIONS = tuple(component.id for component in COMPONENTS if component.role in ("dimension", "time"))
KEY = DIMENSIONS[:-1]
"""The dimensions of a series key; the last one is time."""
TIME = DIMENSIONS[-1]
ATTRIBUTES = tuple(component for component in COMPONENTS if component.role == "attribute")

CODELISTS: Mapping[str, str] = {component.id: component.codelist for component in COMPONENTS if component.codelist}
"""The code lists of the coded components."""

MONTHLY = "M"
STATUSES: Mapping[str, str] = {ObsStatus.normal: "A", ObsStatus.missing: "O"}
"""Our statuses as codes of SDMX's CL_OBS_STATUS."""
_SCALE = re.compile(r"(?:(1|10|100)_)?(?:(thousand|million)_)?(.+)")
_POWERS: Mapping[str | None, int] = {None: 0, "1": 0, "10": 1, "100": 2, "thousand": 3, "million": 6}
_UNIT_CODES: Mapping[str, str] = {"%": "PT", "percent": "PT", "index": "IX"}
_UNITS: Mapping[str, tuple[str, str]] = {
    "CNY": ("Yuan renminbi", "人民币元"),
    "USD": ("US dollar", "美元"),
    "PT": ("Per cent", "百分比"),
    "IX": ("Index, same period of the previous year = 100", "指数（上年同期=100）"),
}
_MULTIPLIERS: Mapping[int, tuple[str, str]] = {
    0: ("Units", "个"),
    3: ("Thousands", "千"),
    4: ("Ten thousands", "万"),
    6: ("Millions", "百万"),
    8: ("Hundred millions", "亿"),
}
MOST_DECIMALS = 6


def unit_of(unit: str | None) -> tuple[str | None, str | None]:
    """UNIT_MEASURE and UNIT_MULT of one of our unit codes: `100_million_CNY` is `CNY` and `8`."""
    match = _SCALE.fullmatch(unit or "")
    if match is None:
        return None, None
    count, scale, base = match.groups()
    return _UNIT_CODES.get(base, base), str(_POWERS[count] + _POWERS[scale])


def unit_label(unit: str | None, lang: str) -> str | None:
    """A unit in words: `100_million_CNY` is `Yuan renminbi, hundred millions` or `亿人民币元`."""
    code, power = unit_of(unit)
    if code is None or power is None:
        return None
    en, zh = _UNITS.get(code, (code, code))
    many_en, many_zh = _MULTIPLIERS.get(int(power), (f"10 to the {power}", f"10^{power} "))
    if power == "0":
        return zh if lang == "zh" else en
    return f"{many_zh}{zh}" if lang == "zh" else f"{en}, {many_en[0].lower()}{many_en[1:]}"


def units_of(indicators: Iterable[Record]) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """The unit of each indicator in each measure: a change has its own, a figure that of the indicator."""
    known: dict[tuple[str, str], tuple[str | None, str | None]] = {}
    for indicator in indicators:
        for measure in MEASURES:
            known[indicator["id"], measure] = unit_of(_fact(measure).unit or indicator["unit"])
    return known


@dataclass(frozen=True, slots=True)
class Scheme:
    """A list of terms under a name: a code list, a concept scheme, or a scheme of organisations."""

    kind: str
    id: str
    name: Term
    terms: tuple[Term, ...]
    agency: str = AGENCY

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the terms, in their order."""
        return tuple(term.id for term in self.terms)

    def term(self, code: str) -> Term | None:
        """The term of an id."""
        return next((term for term in self.terms if term.id == code), None)


def codelists(indicators: Iterable[Record], areas: Iterable[Record]) -> dict[str, Scheme]:
    """Every code list by its id, with the areas and indicators that the data holds."""
    indicators = list(indicators)
    units = {code for code, _ in units_of(indicators).values() if code}
    powers = {int(power) for _, power in units_of(indicators).values() if power}
    made: dict[str, tuple[Term, ...]] = {
        "CL_FREQ": (Term(MONTHLY, "Monthly", "月度"),),
        "CL_AREA": _of_rows(areas),
        "CL_INDICATOR": _of_rows(indicators),
        "CL_TRANSFORMATION": tuple(Term(name, _fact(name).en, _fact(name).zh) for name in MEASURES),
        "CL_OBS_STATUS": tuple(Term(STATUSES[each], each.label_en, each.label_zh) for each in ObsStatus),
        "CL_UNIT": tuple(Term(code, *_UNITS.get(code, (code, None))) for code in sorted(units)),
        "CL_UNIT_MULT": tuple(Term(str(n), *_MULTIPLIERS.get(n, (f"10 to the {n}", None))) for n in sorted(powers)),
        "CL_DECIMALS": tuple(
            Term(str(n), f"{n} decimal{'' if n == 1 else 's'}", f"{n}位小数") for n in range(MOST_DECIMALS + 1)
        ),
    }
    return {
        component.codelist: Scheme(
            "codelist", component.codelist, _named(component.codelist, component.fact), made[component.codelist]
        )
        for component in COMPONENTS
        if component.codelist
    }


def _of_rows(rows: Iterable[Record]) -> tuple[Term, ...]:
    rows = list(rows)
    held = {row["id"] for row in rows}
    return tuple(
        Term(row["id"], row["name_en"], row["name_zh"], row["parent_id"] if row["parent_id"] in held else None)
        for row in rows
    )


def _named(scheme: str, fact: Fact) -> Term:
    return Term(scheme, fact.en, fact.zh)


def concepts() -> Scheme:
    """The concepts of all components."""
    terms = tuple(Term(component.id, component.fact.en, component.fact.zh) for component in COMPONENTS)
    return Scheme("conceptscheme", CONCEPTS, Term(CONCEPTS, "Concepts of the indicators", "指标概念"), terms)


def organisations() -> tuple[Scheme, Scheme]:
    """Who maintains the structures, and who provides the data: the gazette in both roles."""
    who = (Term(AGENCY, *WHO),)
    agencies = Scheme("agencyscheme", "AGENCIES", Term("AGENCIES", "Agencies", "维护机构"), who, agency="SDMX")
    named = Term("DATA_PROVIDERS", "Data providers", "数据提供机构")
    return agencies, Scheme("dataproviderscheme", "DATA_PROVIDERS", named, who)


def flow_name() -> Term:
    """The name of the dataflow and of its structure, which is that of the dataset."""
    return Term(FLOW, OBSERVATIONS.title_en, OBSERVATIONS.title_zh)
