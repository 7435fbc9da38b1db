"""Every representation the service offers: the one table of suffixes, media types and titles.

Routes, links, `Accept`, the catalogue and the home page take their lists from here. A new representation is one
line in its group below and a writer of the same name: `tabular.writers` for tables, `feeds.WRITERS`,
`citations.WRITERS`. SDMX has a table of its own, `sdmx.media_types`: its formats share an address and differ in
the version parameter of their media types.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class Representation:
    """One representation of a resource: the suffix of its address and the media type that `Accept` names."""

    name: str
    title: str
    media_type: str
    suffix: str
    type_parameters: str = ""
    """Parameters that `Content-Type` adds to the media type."""
    iana_registered: bool = True
    """Whether the media type has an address at IANA, which the RDF catalogue refers to."""

    @property
    def content_type(self) -> str:
        """Return the value of `Content-Type`."""
        return self.media_type + self.type_parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFormat(Representation):
    """A format in which an export holds all rows of a query."""

    file_type: str
    """A code of the EU's file-type authority table. NDJSON has none of its own and takes JSON's."""
    extra_parameters: tuple[str, ...] = ()
    """Query parameters that only some formats have."""
    needs_file: bool = False
    """The file is complete before it is sent: its length is known, and byte ranges can be served."""
    max_rows: int | None = None
    """The most rows that a file can hold; None for no limit."""


AnyRepresentation = TypeVar("AnyRepresentation", bound=Representation)


def by_name(*representations: AnyRepresentation) -> Mapping[str, AnyRepresentation]:
    """Return representations by name, in their order."""
    return {each.name: each for each in representations}


JSON = "application/json"
OFFICE = "application/vnd.openxmlformats-officedocument"
UTF_8 = "; charset=utf-8"
TABLE_FORMATS = by_name(
    TableFormat(
        "csv",
        "CSV",
        "text/csv",
        ".csv",
        f"{UTF_8}; header=present",
        file_type="CSV",
        extra_parameters=("bom", "lang"),
    ),
    TableFormat(
        "ndjson",
        "NDJSON",
        "application/x-ndjson",
        ".ndjson",
        iana_registered=False,
        file_type="JSON",
        extra_parameters=("expand",),
    ),
    TableFormat(
        "xlsx",
        "XLSX",
        f"{OFFICE}.spreadsheetml.sheet",
        ".xlsx",
        file_type="XLSX",
        extra_parameters=("lang",),
        needs_file=True,
        max_rows=1_048_575,
    ),
    TableFormat(
        "parquet", "Parquet", "application/vnd.apache.parquet", ".parquet", file_type="PARQUET", needs_file=True
    ),
)
"""Collections and rows, with every matching row in one file."""
FEEDS = by_name(
    Representation("atom", "Atom feed", "application/atom+xml", ".atom", UTF_8),
    Representation("feed", "JSON Feed", "application/feed+json", ".feed.json"),
)
"""Collections: one page of a query, the newest rows first."""
CITATIONS = by_name(
    Representation("bib", "BibTeX", "application/x-bibtex", ".bib", UTF_8),
    Representation("ris", "RIS", "application/x-research-info-systems", ".ris", UTF_8),
    Representation("csl", "CSL-JSON", "application/vnd.citationstyles.csl+json", ".csl.json"),
)
"""Rows: how to cite them."""
AKOMA_NTOSO = Representation("akn", "Akoma Ntoso 3.0", "application/akn+xml", ".xml")
"""Rows of `documents`: the document as legal XML."""
SCHEMA_ORG = Representation("schema.org", "schema.org", "application/ld+json", ".jsonld")
"""Collections, by suffix only: the dataset described for search engines."""
CSVW = Representation("csvw", "CSVW", "application/csvm+json", ".csv-metadata.json")
"""Collections, by suffix only: the metadata of the CSV, under the standard's own default suffix."""
JSON_STAT = Representation("jsonstat", "JSON-stat", JSON, ".jsonstat")
"""The collection of `observations`, by suffix only."""
PICTURE = Representation("svg", "SVG", "image/svg+xml", ".svg")
"""Series, facets and aggregates, by suffix only: the figures as a picture."""
RDF_FORMATS = by_name(
    Representation("ttl", "Turtle", "text/turtle", ".ttl", UTF_8),
    Representation("jsonld", "JSON-LD", "application/ld+json", ".jsonld"),
    Representation("rdf", "RDF/XML", "application/rdf+xml", ".rdf"),
)
"""The catalogue, the preferred representation first."""

MEDIA_TYPES: Mapping[str, str] = {"json": JSON} | {
    each.name: each.media_type for each in (*TABLE_FORMATS.values(), *FEEDS.values(), *CITATIONS.values(), AKOMA_NTOSO)
}
"""What `Accept` may name for a collection or row, the preferred media type first."""
COLLECTION_SUFFIXES = tuple(each.suffix for each in (*TABLE_FORMATS.values(), *FEEDS.values()))
"""Suffixes that the address of every collection may end in."""
KNOWN_SUFFIXES = (
    ".json",
    *(
        each.suffix
        for each in (
            *TABLE_FORMATS.values(),
            *FEEDS.values(),
            *CITATIONS.values(),
            AKOMA_NTOSO,
            SCHEMA_ORG,
            CSVW,
            JSON_STAT,
            PICTURE,
            *RDF_FORMATS.values(),
        )
    ),
)
"""Suffixes that mean a format, at whatever address. No id ends in one."""
