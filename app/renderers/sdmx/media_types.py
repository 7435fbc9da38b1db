"""Which SDMX format an `Accept` header asks for: media types whose version is a parameter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import Problem
from app.http.negotiation import LONGEST

SDMX = "application/vnd.sdmx."


@dataclass(frozen=True, slots=True)
class Form:
    """A format: its media type and version, and the plain types that mean it too."""

    name: str
    title: str
    family: str
    media_type: str
    version: str
    plain: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The media type with its version, as an answer names it."""
        charset = "; charset=utf-8" if self.family == "csv" else ""
        return f"{self.media_type}; version={self.version}{charset}"


XML_TYPES = ("application/xml", "text/xml")
DATA: tuple[Form, ...] = (
    Form("specific", "SDMX-ML structure-specific", "xml", f"{SDMX}structurespecificdata+xml", "2.1", XML_TYPES),
    Form("generic", "SDMX-ML generic", "xml", f"{SDMX}genericdata+xml", "2.1"),
    Form("json1", "SDMX-JSON 1.0", "json", f"{SDMX}data+json", "1.0.0", ("application/json",)),
    Form("json2", "SDMX-JSON 2.0", "json", f"{SDMX}data+json", "2.0.0"),
    Form("csv1", "SDMX-CSV 1.0", "csv", f"{SDMX}data+csv", "1.0.0", ("text/csv",)),
    Form("csv2", "SDMX-CSV 2.0", "csv", f"{SDMX}data+csv", "2.0.0"),
)
"""The formats of data, the preferred first."""
STRUCTURES: tuple[Form, ...] = (
    Form("structure", "SDMX-ML structure", "xml", f"{SDMX}structure+xml", "2.1", XML_TYPES),
    Form("structure-json", "SDMX-JSON structure", "json", f"{SDMX}structure+json", "2.0.0", ("application/json",)),
)
"""The formats of structures, the preferred first."""
SCHEMAS: tuple[Form, ...] = (Form("schema", "XML schema", "xml", f"{SDMX}schema+xml", "2.1", XML_TYPES),)
"""The format of schemas of structure-specific data."""
LABELS = ("id", "both")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A format, and the parameters that the client gave with it."""

    form: Form
    parameters: Mapping[str, str]


def wanted(header: str | None, forms: Sequence[Form]) -> Wanted:
    """The format that the header likes best; of several liked alike the one it names most exactly, then our first.

    Raises Problem (406) with what is on offer.
    """
    ranges = [_media_range(part) for part in (header or "*/*")[:LONGEST].split(",")]
    best: tuple[float, int, int] = (0.0, 0, 0)
    found: Wanted | None = None
    for place, form in enumerate(forms):
        fitting = [(_exactness(form, each, forms), each) for each in ranges]
        exactness, (_, parameters, quality) = max(fitting, key=lambda fit: fit[0])
        if exactness and quality > 0 and (quality, exactness, -place) > best:
            best, found = (quality, exactness, -place), Wanted(form, parameters)
    if found is None:
        offers = ", ".join(f"{form.media_type};version={form.version}" for form in forms)
        raise Problem(406, f"None of the formats asked for is on offer; there are: {offers}.")
    return found


Range = tuple[str, Mapping[str, str], float]


def _media_range(part: str) -> Range:
    media_type, *words = (word.strip() for word in part.split(";"))
    pairs = [word.partition("=") for word in words]
    given = {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}
    try:
        quality = min(max(float(given.pop("q", "1")), 0.0), 1.0)
    except ValueError:
        quality = 0.0
    return media_type.lower(), given, quality


def _exactness(form: Form, wanted_range: Range, forms: Sequence[Form]) -> int:
    """How exactly a range names a format, 0 for not at all; without a version the first of the type is meant."""
    media_type, parameters, _ = wanted_range
    if media_type == form.media_type:
        version = parameters.get("version")
        if version is None:
            return 3 if form is next(each for each in forms if each.media_type == media_type) else 0
        return 4 if _short(version) == _short(form.version) else 0
    if media_type in form.plain:
        return 3
    return 2 if media_type == f"{form.media_type.split('/')[0]}/*" else 1 if media_type == "*/*" else 0


def _short(version: str) -> str:
    """A version without trailing zeros: 1.0.0 is 1.0 is 1."""
    while version.endswith(".0"):
        version = version.removesuffix(".0")
    return version
