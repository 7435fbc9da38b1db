"""SDMX formats, and which of them an `Accept` header selects.

One address serves all formats of its kind. They differ in media type and in its version parameter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import Problem
from app.http.negotiation import MAX_ACCEPT_LENGTH

SDMX_PREFIX = "application/vnd.sdmx."


@dataclass(frozen=True, slots=True)
class SdmxFormat:
    """A format: its media type and version, and the generic media types that select it too."""

    name: str
    title: str
    family: str
    media_type: str
    version: str
    generic_types: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The value of `Content-Type`: the media type with its version."""
        charset = "; charset=utf-8" if self.family == "csv" else ""
        return f"{self.media_type}; version={self.version}{charset}"


XML_TYPES = ("application/xml", "text/xml")
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


@dataclass(frozen=True, slots=True)
class AcceptedFormat:
    """A format, and the parameters that the client gave with its media type."""

    sdmx_format: SdmxFormat
    parameters: Mapping[str, str]


def negotiate_format(header: str | None, formats: Sequence[SdmxFormat]) -> AcceptedFormat:
    """Return the format that the header prefers; of equal ones the most exactly named, then the first of `formats`.

    Raises Problem (406) with the available formats.
    """
    ranges = [_parse_media_range(part) for part in (header or "*/*")[:MAX_ACCEPT_LENGTH].split(",")]
    best: tuple[float, int, int] = (0.0, 0, 0)
    accepted: AcceptedFormat | None = None
    for position, sdmx_format in enumerate(formats):
        matches = [(_exactness(sdmx_format, media_range, formats), media_range) for media_range in ranges]
        exactness, (_, parameters, quality) = max(matches, key=lambda match: match[0])
        if exactness and quality > 0 and (quality, exactness, -position) > best:
            best, accepted = (quality, exactness, -position), AcceptedFormat(sdmx_format, parameters)
    if accepted is None:
        available = ", ".join(f"{sdmx_format.media_type};version={sdmx_format.version}" for sdmx_format in formats)
        raise Problem(406, f"None of the formats asked for is on offer; there are: {available}.")
    return accepted


MediaRange = tuple[str, Mapping[str, str], float]


def _parse_media_range(part: str) -> MediaRange:
    media_type, *pieces = (piece.strip() for piece in part.split(";"))
    pairs = [piece.partition("=") for piece in pieces]
    parameters = {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}
    try:
        quality = min(max(float(parameters.pop("q", "1")), 0.0), 1.0)
    except ValueError:
        quality = 0.0
    return media_type.lower(), parameters, quality


def _exactness(sdmx_format: SdmxFormat, media_range: MediaRange, formats: Sequence[SdmxFormat]) -> int:
    """Return how exactly a range names a format; 0 for not at all.

    A range without a version means the first format of its media type.
    """
    media_type, parameters, _ = media_range
    if media_type == sdmx_format.media_type:
        version = parameters.get("version")
        if version is None:
            return 3 if sdmx_format is next(known for known in formats if known.media_type == media_type) else 0
        return 4 if _normalise_version(version) == _normalise_version(sdmx_format.version) else 0
    if media_type in sdmx_format.generic_types:
        return 3
    return 2 if media_type == f"{sdmx_format.media_type.split('/')[0]}/*" else 1 if media_type == "*/*" else 0


def _normalise_version(version: str) -> str:
    """Return a version without trailing zeros: 1.0.0 is 1.0 is 1."""
    while version.endswith(".0"):
        version = version.removesuffix(".0")
    return version
