"""What every form of the catalogue is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.db.data_state import Facts
from app.model.dataset import Dataset
from app.renderers.catalog.vocabularies import PUBLISHER
from app.renderers.urls import absolute

CSVW_SUFFIX = ".csv-metadata.json"
"""What the address of a table's CSVW metadata ends in, as the standard's own default does."""
PROVENANCE = (
    "取自公报原文；每条记录的“来源”注明期次、页码、表、行和文本行。",
    "Read from the printed gazette; each row's `source` names issue, pages, table, row and lines.",
)
"""Where rows come from, in Chinese and English, unless their dataset says something else."""


@dataclass(frozen=True, slots=True)
class Licence:
    """What is said of licences; `url` is empty where none is claimed."""

    zh: str
    en: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who answers for the gazette, as the masthead of the newest issue prints it."""

    publisher: str = PUBLISHER
    office: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    postcode: str | None = None

    @property
    def contact(self) -> str:
        """Whom to ask."""
        return self.office or self.publisher

    @property
    def telephone(self) -> str | None:
        """The phone number as it is dialled from anywhere."""
        return f"+86-{self.phone.removeprefix('0')}" if self.phone else None


LABELS: Mapping[str, str] = {"承编": "office", "电话": "phone", "邮箱": "email", "地址": "address", "邮编": "postcode"}
"""What the masthead calls the parts of an imprint."""


def imprint_of(issue: Mapping[str, Any] | None) -> Imprint:
    """The imprint in a row of `issues`."""
    if issue is None:
        return Imprint()
    printed = {LABELS[line["label"]]: line["value"] for line in issue["imprint"] if line["label"] in LABELS}
    return Imprint(issue["publisher"] or PUBLISHER, **printed)


@dataclass(frozen=True, slots=True)
class Entry:
    """One dataset with what is known of its data."""

    dataset: Dataset
    facts: Facts = field(default_factory=Facts)

    @property
    def path(self) -> str:
        """The address of the collection."""
        return f"/v1/{self.dataset.name}"

    @property
    def summary(self) -> str:
        """What the dataset holds, in both languages; search engines want 50 characters at least."""
        _, provenance = self.dataset.provenance or PROVENANCE
        return f"{self.dataset.description_en} {provenance} {self.dataset.description_zh}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that a catalogue says. `base` is the configured public base, or empty."""

    base: str
    title_zh: str
    title_en: str
    licence: Licence
    imprint: Imprint
    revision: str
    entries: tuple[Entry, ...]

    def url(self, path: str) -> str:
        """A whole URL, for what must not be relative."""
        return absolute(self.base, path)

    def link(self, path: str) -> str:
        """A link as JSON answers have it: path-absolute, or under the configured base."""
        return f"{self.base}{path}"

    def about(self) -> tuple[str, str]:
        """What the whole is, in Chinese and in English."""
        return (
            f"{self.imprint.publisher}公报的结构化开放数据，每个数值均可追溯到期次、页码、表和行。",
            "A city's government gazette as open data: every value can be traced to issue, page, table and row.",
        )

    def issued(self) -> str | None:
        """The day of the first package."""
        return min((known for entry in self.entries if (known := entry.facts.issued)), default=None)

    def modified(self) -> str | None:
        """The day of the last change."""
        return max((known for entry in self.entries if (known := entry.facts.modified)), default=None)


def changed_since(catalogue: Catalogue, day: str) -> tuple[Entry, ...]:
    """The entries whose data changed on a day or later; those of which that is not known are among them."""
    return tuple(entry for entry in catalogue.entries if (entry.facts.modified or day) >= day)
