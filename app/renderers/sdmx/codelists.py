"""The vocabulary of the indicators in SDMX: components and code lists, from the datasets' declarations and rows.

Areas, indicators and measures keep the service's own ids, as far as they are valid SDMX ids; see `to_code`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.datasets import DATASETS
from app.datasets.observations import MEASURES, ObsStatus
from app.model.dataset import ColumnInfo
from app.model.rows import Record

AGENCY = "GAZETTE"
VERSION = "1.0"
FLOW = "INDICATORS"
"""The id of the dataflow and of its data structure."""
CONCEPTS = "CONCEPTS"
OBSERVATIONS = DATASETS["observations"]
INDICATORS = DATASETS["indicators"]
AREAS = DATASETS["areas"]
MAINTAINER_NAME = ("Municipal gazette", "市人民政府公报")


@dataclass(frozen=True, slots=True)
class Term:
    """A code, concept or organisation. A missing name is None; at least one of the two names exists."""

    id: str
    en: str | None
    zh: str | None
    parent: str | None = None

    @property
    def names(self) -> dict[str, str]:
        """The names by language."""
        return {language: name for language, name in (("en", self.en), ("zh", self.zh)) if name}

    @property
    def preferred_name(self) -> str:
        """The English name, else the Chinese one."""
        return self.en or self.zh or self.id


@dataclass(frozen=True, slots=True)
class Component:
    """One component of the data structure, and its role.

    `related_dimensions` are the dimensions that an attribute belongs to; none for an attribute of a single observation.
    """

    id: str
    role: str
    info: ColumnInfo
    codelist: str | None = None
    text_type: str = "String"
    related_dimensions: tuple[str, ...] = ()
    required: bool = True


def _column_info(field: str) -> ColumnInfo:
    return OBSERVATIONS.fields_by_name[field].info


UNIT_DIMENSIONS = ("INDICATOR", "TRANSFORMATION")
COMPONENTS: tuple[Component, ...] = (
    Component("FREQ", "dimension", ColumnInfo("频率", "Frequency"), "CL_FREQ"),
    Component("REF_AREA", "dimension", _column_info("area_id"), "CL_AREA"),
    Component("INDICATOR", "dimension", _column_info("indicator_id"), "CL_INDICATOR"),
    Component("TRANSFORMATION", "dimension", ColumnInfo("口径", "Transformation"), "CL_TRANSFORMATION"),
    Component("TIME_PERIOD", "time", _column_info("period"), text_type="ObservationalTimePeriod"),
    Component("OBS_VALUE", "measure", ColumnInfo("数值", "Observation value"), text_type="Decimal", required=False),
    Component("OBS_STATUS", "attribute", ColumnInfo("状态", "Observation status"), "CL_OBS_STATUS"),
    Component(
        "UNIT_MEASURE",
        "attribute",
        ColumnInfo("单位", "Unit of measure"),
        "CL_UNIT",
        related_dimensions=UNIT_DIMENSIONS,
        required=False,
    ),
    Component(
        "UNIT_MULT",
        "attribute",
        ColumnInfo("单位倍数", "Unit multiplier"),
        "CL_UNIT_MULT",
        related_dimensions=UNIT_DIMENSIONS,
        required=False,
    ),
    Component("DECIMALS", "attribute", ColumnInfo("小数位数", "Decimals, as printed"), "CL_DECIMALS", required=False),
    Component("ISSUE", "attribute", _column_info("issue_id")),
    Component("COMPILING_ORG", "attribute", ColumnInfo("编制单位", "Compiling organisation"), required=False),
)
"""All components, in the order of a message. The value may be missing, as its status says."""
COMPONENT_IDS = tuple(component.id for component in COMPONENTS)
DIMENSIONS = tuple(component.id for component in COMPONENTS if component.role in ("dimension", "time"))
KEY = DIMENSIONS[:-1]
"""The dimensions of a series key. The last dimension is time."""
TIME = DIMENSIONS[-1]
ATTRIBUTES = tuple(component for component in COMPONENTS if component.role == "attribute")

CODELISTS: Mapping[str, str] = {component.id: component.codelist for component in COMPONENTS if component.codelist}
"""The code lists of the coded components."""

MONTHLY = "M"
STATUSES: Mapping[str, str] = {ObsStatus.normal: "A", ObsStatus.missing: "O"}
"""Codes of SDMX's CL_OBS_STATUS by status."""
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
MAX_DECIMALS = 6


_NOT_IN_CODE = re.compile(r"[^A-Za-z0-9_$-]")
_ESCAPED_IN_CODE = re.compile(r"@([0-9A-F]+)@")


@lru_cache(maxsize=4096)
def to_code(text: str) -> str:
    """Return an id or a unit as an SDMX code, which may have letters, digits and `_ $ - @` only.

    Other characters, and `@` itself, become their code points between `@`: `a.b` is `a@2E@b`.
    """
    return _NOT_IN_CODE.sub(lambda match: f"@{ord(match[0]):X}@", text)


def from_code(code: str) -> str:
    """Return what `to_code` made a code from."""
    return _ESCAPED_IN_CODE.sub(lambda match: chr(int(match[1], 16)), code)


def split_unit(unit: str | None) -> tuple[str | None, str | None]:
    """Return UNIT_MEASURE and UNIT_MULT of a unit code: `100_million_CNY` is `CNY` and `8`."""
    match = _SCALE.fullmatch(unit or "")
    if match is None:
        return None, None
    count, scale, base = match.groups()
    return _UNIT_CODES.get(base, base), str(_POWERS[count] + _POWERS[scale])


def unit_label(unit: str | None, lang: str) -> str | None:
    """Return a unit in words: `100_million_CNY` is `Yuan renminbi, hundred millions` or `亿人民币元`."""
    code, power = split_unit(unit)
    if code is None or power is None:
        return None
    en, zh = _UNITS.get(code, (code, code))
    multiplier_en, multiplier_zh = _MULTIPLIERS.get(int(power), (f"10 to the {power}", f"10^{power} "))
    if power == "0":
        return zh if lang == "zh" else en
    return f"{multiplier_zh}{zh}" if lang == "zh" else f"{en}, {multiplier_en[0].lower()}{multiplier_en[1:]}"


def indicator_units(indicators: Iterable[Record]) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """Return the codes of the unit of each indicator and measure.

    A change has its own unit, a figure has its indicator's.
    """
    units: dict[tuple[str, str], tuple[str | None, str | None]] = {}
    for indicator in indicators:
        for measure in MEASURES:
            code, power = split_unit(_column_info(measure).unit or indicator["unit"])
            units[indicator["id"], measure] = (code and to_code(code), power)
    return units


@dataclass(frozen=True, slots=True)
class Scheme:
    """A named list of terms: a code list, a concept scheme, or a scheme of organisations."""

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
        """Return the term with an id, or None."""
        return next((term for term in self.terms if term.id == code), None)


def build_codelists(indicators: Iterable[Record], areas: Iterable[Record]) -> dict[str, Scheme]:
    """Return every code list by id, with the areas and indicators of the data."""
    indicators = list(indicators)
    units = {code for code, _ in indicator_units(indicators).values() if code}
    powers = {int(power) for _, power in indicator_units(indicators).values() if power}
    terms: dict[str, tuple[Term, ...]] = {
        "CL_FREQ": (Term(MONTHLY, "Monthly", "月度"),),
        "CL_AREA": _row_terms(areas),
        "CL_INDICATOR": _row_terms(indicators),
        "CL_TRANSFORMATION": tuple(
            Term(name, _column_info(name).label_en, _column_info(name).label_zh) for name in MEASURES
        ),
        "CL_OBS_STATUS": tuple(Term(STATUSES[status], status.label_en, status.label_zh) for status in ObsStatus),
        "CL_UNIT": tuple(Term(code, *_UNITS.get(code, (from_code(code), None))) for code in sorted(units)),
        "CL_UNIT_MULT": tuple(Term(str(n), *_MULTIPLIERS.get(n, (f"10 to the {n}", None))) for n in sorted(powers)),
        "CL_DECIMALS": tuple(
            Term(str(n), f"{n} decimal{'' if n == 1 else 's'}", f"{n}位小数") for n in range(MAX_DECIMALS + 1)
        ),
    }
    return {
        component.codelist: Scheme(
            "codelist", component.codelist, _scheme_name(component.codelist, component.info), terms[component.codelist]
        )
        for component in COMPONENTS
        if component.codelist
    }


def _row_terms(rows: Iterable[Record]) -> tuple[Term, ...]:
    rows = list(rows)
    ids = {row["id"] for row in rows}
    return tuple(
        Term(
            to_code(row["id"]),
            row["name_en"],
            row["name_zh"],
            to_code(row["parent_id"]) if row["parent_id"] in ids else None,
        )
        for row in rows
    )


def _scheme_name(scheme: str, fact: ColumnInfo) -> Term:
    return Term(scheme, fact.label_en, fact.label_zh)


def concept_scheme() -> Scheme:
    """Return the concepts of all components."""
    terms = tuple(Term(component.id, component.info.label_en, component.info.label_zh) for component in COMPONENTS)
    return Scheme("conceptscheme", CONCEPTS, Term(CONCEPTS, "Concepts of the indicators", "指标概念"), terms)


def organisation_schemes() -> tuple[Scheme, Scheme]:
    """Return the maintainers of the structures and the providers of the data. The gazette is both."""
    maintainer = (Term(AGENCY, *MAINTAINER_NAME),)
    agencies = Scheme("agencyscheme", "AGENCIES", Term("AGENCIES", "Agencies", "维护机构"), maintainer, agency="SDMX")
    name = Term("DATA_PROVIDERS", "Data providers", "数据提供机构")
    return agencies, Scheme("dataproviderscheme", "DATA_PROVIDERS", name, maintainer)


def flow_name() -> Term:
    """Return the name of the dataflow and of its structure, which is the dataset's."""
    return Term(FLOW, OBSERVATIONS.title_en, OBSERVATIONS.title_zh)
