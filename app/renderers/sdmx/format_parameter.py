"""The parameters that choose an SDMX format in an address, where no `Accept` header can be sent.

The standard describes `format` and `formatVersion` as an extension, and many services have them, each with values of
its own: all that mean one of our formats are taken. `format` is preferred to `Accept`, as a suffix is elsewhere.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.errors import Fault, bad_request
from app.model.values import BadValue, clip
from app.query.params.controls import parse_choice
from app.query.params.query_string import ParameterPairs
from app.renderers.sdmx.media_types import (
    DATA_FORMATS,
    LABELS,
    STRUCTURE_FORMATS,
    ChosenFormat,
    SdmxFormat,
    negotiate_format,
    normalise_version,
)

FORMAT, FORMAT_VERSION, FORMAT_LABELS = "format", "formatVersion", "labels"


class FormatName(NamedTuple):
    """A value of `format`: the format that it means, what SDMX-CSV writes for codes, and a service that has it."""

    format_name: str
    example: str
    labels: str = LABELS[0]


STANDARD, STAT_SUITE = "ECB and others, as the SDMX REST standard proposes", ".Stat Suite (OECD, ISTAT, ABS)"
FUSION, EUROSTAT, PLAIN = "Fusion Registry (BIS, UNICEF, Norges Bank)", "Eurostat", "(a plain word)"
DATA_FORMAT_NAMES: Mapping[str, FormatName] = {
    "structurespecificdata": FormatName("specific", STANDARD),
    "genericdata": FormatName("generic", STANDARD),
    "jsondata": FormatName("json1", STANDARD),
    "csvdata": FormatName("csv1", STANDARD),
    "csv": FormatName("csv1", STAT_SUITE),
    "csvfile": FormatName("csv1", STAT_SUITE),
    "csvfilewithlabels": FormatName("csv1", STAT_SUITE, "both"),
    "json": FormatName("json1", PLAIN),
    "xml": FormatName("specific", PLAIN),
    "sdmx-json": FormatName("json1", FUSION),
    "sdmx-csv": FormatName("csv1", EUROSTAT),
    "sdmx_2.1_structured": FormatName("specific", EUROSTAT),
}
"""The values of `format` for data, in any case of letters."""
STRUCTURE_FORMAT_NAMES: Mapping[str, FormatName] = {
    "structure": FormatName("structure", STANDARD),
    "jsonstructure": FormatName("structure-json", STAT_SUITE),
    "json": FormatName("structure-json", PLAIN),
    "xml": FormatName("structure", PLAIN),
    "sdmx-json": FormatName("structure-json", FUSION),
}
"""The values of `format` for structures and availability."""


class FormatChoice(NamedTuple):
    """The formats of an address, and the parameters that choose one of them."""

    formats: Sequence[SdmxFormat]
    names: Mapping[str, FormatName]
    parameters: tuple[str, ...]

    def choose(self, pairs: ParameterPairs, accept: str | None) -> tuple[ChosenFormat, ParameterPairs]:
        """Return the format that the parameters or `Accept` choose, and the other parameters.

        Raises Problem: 400 for a parameter, 406 for `Accept`.
        """
        values = {name: value for name, value in pairs if name in self.parameters}
        others = tuple(pair for pair in pairs if pair[0] not in values)
        if not values:
            return negotiate_format(accept, self.formats), others
        faults: list[Fault] = []
        chosen = self._parse(values, accept, faults)
        if faults or chosen is None:
            raise bad_request(faults)
        return chosen, others

    def _parse(self, values: Mapping[str, str], accept: str | None, faults: list[Fault]) -> ChosenFormat | None:
        chosen = self._named_format(values, faults) if FORMAT in values else negotiate_format(accept, self.formats)
        if FORMAT_VERSION in values and FORMAT not in values:
            faults.append(Fault(FORMAT_VERSION, f"needs '{FORMAT}', whose version it is"))
        if chosen is None or FORMAT_LABELS not in values:
            return chosen
        if chosen.sdmx_format.family != "csv":
            faults.append(Fault(FORMAT_LABELS, "is what SDMX-CSV writes; the other formats have no choice of it"))
            return chosen
        try:
            return ChosenFormat(chosen.sdmx_format, chosen.media_type, parse_choice(values[FORMAT_LABELS], LABELS))
        except BadValue as error:
            faults.append(Fault(FORMAT_LABELS, str(error), error.allowed))
            return chosen

    def _named_format(self, values: Mapping[str, str], faults: list[Fault]) -> ChosenFormat | None:
        try:
            name = self.names[parse_choice(values[FORMAT].lower(), tuple(self.names))]
        except BadValue as error:
            faults.append(Fault(FORMAT, str(error), error.allowed))
            return None
        found = next(known for known in self.formats if known.name == name.format_name)
        version = values.get(FORMAT_VERSION, found.version)
        versions = {normalise_version(known.version): known for known in self.formats if same_type(known, found)}
        if normalise_version(version) not in versions:
            allowed = tuple(known.version for known in versions.values())
            faults.append(Fault(FORMAT_VERSION, f"'{clip(version)}' is not a version of this format", allowed))
            return None
        chosen = versions[normalise_version(version)]
        return ChosenFormat(chosen, chosen.media_type, name.labels)


def same_type(one: SdmxFormat, other: SdmxFormat) -> bool:
    """Return whether two formats are versions of one."""
    return one.media_type == other.media_type


FORMAT_DESCRIPTIONS: Mapping[str, str] = {
    FORMAT: "The format, where `Accept` cannot be sent: the words of other SDMX services, in any case of letters.",
    FORMAT_VERSION: f"The version of `{FORMAT}`. SDMX-JSON and SDMX-CSV have 1.0.0, the default, and 2.0.0.",
    FORMAT_LABELS: "What SDMX-CSV writes for codes: `id`, or `both` code and name.",
}
"""What openapi.md and the OpenAPI document say of the parameters."""
DATA_CHOICE = FormatChoice(DATA_FORMATS, DATA_FORMAT_NAMES, (FORMAT, FORMAT_VERSION, FORMAT_LABELS))
STRUCTURE_CHOICE = FormatChoice(STRUCTURE_FORMATS, STRUCTURE_FORMAT_NAMES, (FORMAT, FORMAT_VERSION))
