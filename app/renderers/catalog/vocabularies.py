"""Codes of the vocabularies that catalogues share, with labels in both languages.

Themes, frequencies and languages are authority tables of the Publications Office of the EU.
"""

from collections.abc import Mapping
from typing import NamedTuple

AUTHORITY = "http://publications.europa.eu/resource/authority"


class Label(NamedTuple):
    """The meaning of a code."""

    zh: str
    en: str


class Frequency(NamedTuple):
    """The meaning of a frequency, in words and as an ISO 8601 repeating interval (None: irregular)."""

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


class Place(NamedTuple):
    """The area that all data is about, with its code of GB/T 2260."""

    code: str
    zh: str
    en: str
    country: str


PLACE = Place("330300", "温州市", "Wenzhou", "CN")
PUBLISHER = "温州市人民政府"
"""The publisher of the gazette while no loaded issue has a masthead that names one."""
