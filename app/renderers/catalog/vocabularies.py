"""Codes of the vocabularies that catalogues share, with labels in both languages.

Themes, frequencies, languages, file types: authority tables of the Publications Office of the EU.
"""

from collections.abc import Mapping
from typing import NamedTuple

AUTHORITY = "http://publications.europa.eu/resource/authority"


class Label(NamedTuple):
    """What a code means."""

    zh: str
    en: str


class Frequency(NamedTuple):
    """What a frequency means, in words and as ISO 8601 writes a repeating interval (null: irregular)."""

    zh: str
    en: str
    iso: str | None


THEMES: Mapping[str, Label] = {
    "AGRI": Label("农业、渔业、林业与食品", "Agriculture, fisheries, forestry and food"),
    "ECON": Label("经济与金融", "Economy and finance"),
    "EDUC": Label("教育、文化与体育", "Education, culture and sport"),
    "ENER": Label("能源", "Energy"),
    "ENVI": Label("环境", "Environment"),
    "GOVE": Label("政府与公共部门", "Government and public sector"),
    "HEAL": Label("卫生健康", "Health"),
    "INTR": Label("国际事务", "International issues"),
    "JUST": Label("司法、法律制度与公共安全", "Justice, legal system and public safety"),
    "REGI": Label("地区与城市", "Regions and cities"),
    "SOCI": Label("人口与社会", "Population and society"),
    "TECH": Label("科学与技术", "Science and technology"),
    "TRAN": Label("交通运输", "Transport"),
}
FREQUENCIES: Mapping[str, Frequency] = {
    "ANNUAL": Frequency("每年", "annual", "R/P1Y"),
    "QUARTERLY": Frequency("每季", "quarterly", "R/P3M"),
    "MONTHLY": Frequency("每月", "monthly", "R/P1M"),
    "IRREG": Frequency("不定期", "irregular", None),
}
LANGUAGES: Mapping[str, str] = {"zh": "ZHO", "en": "ENG"}
FILE_TYPES: Mapping[str, str] = {
    "json": "JSON",
    "csv": "CSV",
    "ndjson": "JSON",
    "xlsx": "XLSX",
    "parquet": "PARQUET",
}
"""File types by format; lines of JSON have no code of their own."""
UNREGISTERED = ("application/x-ndjson", "application/vnd.sdmx.structurespecificdata+xml")
"""Media types that IANA does not know, which therefore have no address there."""


class Place(NamedTuple):
    """The area that everything is about, with its code of GB/T 2260."""

    code: str
    zh: str
    en: str
    country: str


PLACE = Place("330300", "温州市", "Wenzhou", "CN")
PUBLISHER = "温州市人民政府"
"""Who publishes the gazette, while no issue is loaded whose masthead says so."""
