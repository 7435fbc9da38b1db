"""SDMX formats, and which of them an `Accept` header selects.

One address serves all formats of its kind. They differ in media type and in its version parameter. A browser cannot
send such a header, so an address takes the parameter `format` as well; see `app.renderers.sdmx.format_parameter`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import Problem
from app.http.negotiation import MediaRange, parse_accept

SDMX_PREFIX = "application/vnd.sdmx."


@dataclass(frozen=True, slots=True)
class SdmxFormat:
    """A format: its media type and version, and the generic media types under which it is served too."""

    name: str
    title: str
    family: str
    media_type: str
    version: str
    generic_types: tuple[str, ...] = ()

    def content_type(self, media_type: str) -> str:
        """Return the value of `Content-Type` for one of the format's media types. Its own has a version."""
        version = f"; version={self.version}" if media_type == self.media_type else ""
        return f"{media_type}{version}{'; charset=utf-8' if self.family == 'csv' else ''}"


TEXT_XML = "text/xml"
XML_TYPES = ("application/xml", TEXT_XML)
DATA_FORMATS: tuple[SdmxFormat, ...] = (
    SdmxFormat(
        "specific",
        "SDMX-ML structure-specific",
        "xml",
        f"{SDMX_PREFIX}structurespecificdata+xml",
        "2.1",
        XML_TYPES,
    ),
    SdmxFormat("generic", "SDMX-ML generic", "xml", f"{SDMX_PREFIX}genericdata+xml", "2.1"),
    SdmxFormat("json1", "SDMX-JSON 1.0", "json", f"{SDMX_PREFIX}data+json", "1.0.0", ("application/json",)),
    SdmxFormat("json2", "SDMX-JSON 2.0", "json", f"{SDMX_PREFIX}data+json", "2.0.0"),
    SdmxFormat("csv1", "SDMX-CSV 1.0", "csv", f"{SDMX_PREFIX}data+csv", "1.0.0", ("text/csv",)),
    SdmxFormat("csv2", "SDMX-CSV 2.0", "csv", f"{SDMX_PREFIX}data+csv", "2.0.0"),
)
"""Formats of data, the preferred first."""
STRUCTURE_FORMATS: tuple[SdmxFormat, ...] = (
    SdmxFormat("structure", "SDMX-ML structure", "xml", f"{SDMX_PREFIX}structure+xml", "2.1", XML_TYPES),
    SdmxFormat(
        "structure-json",
        "SDMX-JSON structure",
        "json",
        f"{SDMX_PREFIX}structure+json",
        "2.0.0",
        ("application/json",),
    ),
)
"""Formats of structures, the preferred first."""
SCHEMA_FORMATS: tuple[SdmxFormat, ...] = (
    SdmxFormat("schema", "XML schema", "xml", f"{SDMX_PREFIX}schema+xml", "2.1", XML_TYPES),
)
"""The format of schemas for structure-specific data."""
LABELS = ("id", "both")
"""What SDMX-CSV may write for codes: the codes alone, or with their names."""


@dataclass(frozen=True, slots=True)
class ChosenFormat:
    """A format, the media type under which the client wants it, and what SDMX-CSV writes for codes."""

    sdmx_format: SdmxFormat
    media_type: str
    labels: str = LABELS[0]

    @property
    def name(self) -> str:
        """The name of the format."""
        return self.sdmx_format.name

    @property
    def content_type(self) -> str:
        """The value of `Content-Type`."""
        return self.sdmx_format.content_type(self.media_type)


def negotiate_format(header: str | None, formats: Sequence[SdmxFormat]) -> ChosenFormat:
    """Return the format that the header prefers; of equal ones the most exactly named, then the first of `formats`.

    Raises Problem (406) with the available formats.
    """
    ranges = parse_accept(header or "*/*")
    best: tuple[float, int, int] = (0.0, 0, 0)
    chosen: tuple[SdmxFormat, str, MediaRange] | None = None
    for position, sdmx_format in enumerate(formats):
        matches = [(*_match(sdmx_format, media_range, formats), media_range) for media_range in ranges]
        exactness, media_type, media_range = max(matches, key=lambda match: match[0])
        if exactness and (media_range.quality, exactness, -position) > best and media_range.quality > 0:
            best, chosen = (media_range.quality, exactness, -position), (sdmx_format, media_type, media_range)
    if chosen is None:
        available = ", ".join(f"{sdmx_format.media_type};version={sdmx_format.version}" for sdmx_format in formats)
        raise Problem(406, f"None of the formats asked for is on offer; there are: {available}.")
    sdmx_format, media_type, media_range = chosen
    return ChosenFormat(sdmx_format, media_type, _parse_labels(sdmx_format, media_range.parameters))


def _parse_labels(sdmx_format: SdmxFormat, parameters: Mapping[str, str]) -> str:
    """Return the `labels` of a media type. Raises Problem (406)."""
    labels = parameters.get("labels", LABELS[0]) if sdmx_format.family == "csv" else LABELS[0]
    if labels not in LABELS:
        raise Problem(406, f"SDMX-CSV is written with labels={' or labels='.join(LABELS)}.")
    return labels


def _match(sdmx_format: SdmxFormat, media_range: MediaRange, formats: Sequence[SdmxFormat]) -> tuple[int, str]:
    """Return how exactly a range names a format, 0 for not at all, and under which of its media types.

    A range without a version means the first format of its media type.
    """
    wanted, own = media_range.media_type, sdmx_format.media_type
    if wanted == own:
        version = media_range.parameters.get("version")
        if version is None:
            return (3 if sdmx_format is next(known for known in formats if known.media_type == own) else 0), own
        return (4 if normalise_version(version) == normalise_version(sdmx_format.version) else 0), own
    if wanted in sdmx_format.generic_types:
        return 3, wanted
    for media_type in (own, *sdmx_format.generic_types):
        # `text/*` means CSV: `text/xml` is but another name of `application/xml` (RFC 7303, section 9.2).
        if media_type != TEXT_XML and (specificity := media_range.specificity(media_type)):
            return specificity, media_type
    return 0, own


def normalise_version(version: str) -> str:
    """Return a version without trailing zeros: 1.0.0 is 1.0 is 1."""
    while version.endswith(".0"):
        version = version.removesuffix(".0")
    return version
