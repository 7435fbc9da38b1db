"""The catalogue that all its representations are rendered from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.db.data_state import DatasetStats
from app.model.dataset import Dataset
from app.model.values import BadValue
from app.renderers.catalog.vocabularies import PUBLISHER
from app.renderers.representations import PICTURE
from app.renderers.sdmx.periods import parse_period
from app.renderers.urls import absolute_url

T = TypeVar("T")
PROVENANCE = (
    "取自公报原文；每条记录的“来源”注明期次、页码、表、行和文本行。",
    "Read from the printed gazette; each row's `source` names issue, pages, table, row and lines.",
)
"""Where rows come from, in Chinese and English, unless their dataset says otherwise."""


@dataclass(frozen=True, slots=True)
class Licence:
    """The statement on licences. `url` is empty where no licence is claimed."""

    zh: str
    en: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Imprint:
    """The body responsible for the gazette, as the masthead of the newest issue prints it."""

    publisher: str = PUBLISHER
    office: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    postcode: str | None = None

    @property
    def contact(self) -> str:
        """The office to contact."""
        return self.office or self.publisher

    @property
    def telephone(self) -> str | None:
        """The phone number with its international prefix."""
        return f"+86-{self.phone.removeprefix('0')}" if self.phone else None


IMPRINT_LABELS: Mapping[str, str] = {
    "承编": "office",
    "电话": "phone",
    "邮箱": "email",
    "地址": "address",
    "邮编": "postcode",
}
"""Fields of an imprint by the masthead's labels."""


def build_imprint(issue: Mapping[str, Any] | None) -> Imprint:
    """Return the imprint in a row of `issues`, or the default one."""
    if issue is None:
        return Imprint()
    printed = {
        IMPRINT_LABELS[line["label"]]: line["value"] for line in issue["imprint"] if line["label"] in IMPRINT_LABELS
    }
    return Imprint(issue["publisher"] or PUBLISHER, **printed)


@dataclass(frozen=True, slots=True)
class DatasetEntry:
    """A dataset with the statistics of its data."""

    dataset: Dataset
    stats: DatasetStats = field(default_factory=DatasetStats)

    @property
    def path(self) -> str:
        """The path of the collection."""
        return f"/v1/{self.dataset.name}"

    @property
    def picture_path(self) -> str:
        """The path of the picture that shows the dataset at a glance: its rows by the first counted field."""
        return f"{self.path}/facets{PICTURE.suffix}?by={(*self.dataset.counted_fields, 'id')[0]}"

    @property
    def covered_days(self) -> tuple[str, str] | None:
        """The first and the last day that the data is about. Harvesters misread a year or a month without days."""
        if self.stats.covers is None:
            return None
        start, end = self.stats.covers
        try:
            return parse_period(start)[0].isoformat(), parse_period(end)[1].isoformat()
        except BadValue:  # a year that no calendar has
            return None

    def summary(self, language: str | None) -> str:
        """Return the description in a language, or in both. Search engines require at least 50 characters."""
        dataset, (provenance_zh, provenance_en) = self.dataset, self.dataset.provenance or PROVENANCE
        if language == "zh":
            return f"{dataset.description_zh}{provenance_zh}"
        english = f"{dataset.description_en} {provenance_en}"
        return english if language == "en" else f"{english} {dataset.description_zh}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything a catalogue says. `base` is the configured public base, or empty.

    `language` is the one language of its texts, `zh` or `en`; None for both.
    """

    base: str
    title_zh: str
    title_en: str
    licence: Licence
    imprint: Imprint
    revision: str
    entries: tuple[DatasetEntry, ...]
    language: str | None = None

    def choose(self, zh: T, en: T, both: T) -> T:
        """Return what is right for the language of the catalogue."""
        return {"zh": zh, "en": en}.get(self.language or "", both)

    def keywords(self, dataset: Dataset) -> list[str]:
        """Return the keywords of a dataset, the English ones first."""
        zh, en = list(dataset.keywords_zh), list(dataset.keywords_en)
        return self.choose(zh, en, [*en, *zh])

    def url(self, path: str) -> str:
        """Return an absolute URL, for formats that allow no relative one."""
        return absolute_url(self.base, path)

    def link(self, path: str) -> str:
        """Return a link as JSON answers have it: an absolute path, or a URL under the configured base."""
        return f"{self.base}{path}"

    def descriptions(self) -> tuple[str, str]:
        """Return the description of the catalogue in Chinese and English."""
        return (
            f"{self.imprint.publisher}公报的结构化开放数据，每个数值均可追溯到期次、页码、表和行。",
            "A city's government gazette as open data: every value can be traced to issue, page, table and row.",
        )

    def issued(self) -> str | None:
        """Return the day of the first package."""
        return min((day for entry in self.entries if (day := entry.stats.issued)), default=None)

    def modified(self) -> str | None:
        """Return the day of the last change."""
        return max((day for entry in self.entries if (day := entry.stats.modified)), default=None)


def changed_since(catalogue: Catalogue, day: str) -> tuple[DatasetEntry, ...]:
    """Return the entries whose data changed on a day or later, or at an unknown time."""
    return tuple(entry for entry in catalogue.entries if (entry.stats.modified or day) >= day)
