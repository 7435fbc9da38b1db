"""The representations of a dataset for statistical tools, beside those that every dataset has."""

from dataclasses import dataclass

from app.model.dataset import Dataset
from app.renderers.representations import JSON_STAT
from app.renderers.sdmx.codelists import FLOW, OBSERVATIONS
from app.renderers.sdmx.errors import SDMX_PATH
from app.renderers.sdmx.media_types import DATA_FORMATS

SDMX = "sdmx"
"""The name of the SDMX interface and of the service behind it."""
SDMX_REST = "https://github.com/sdmx-twg/sdmx-rest"
"""The address of the standard for SDMX web services."""


@dataclass(frozen=True, slots=True)
class StatisticalInterface:
    """An interface with an address and an operator's limit of its own; unlike a table format it is no download.

    `file_type` is a code of the EU's authority table, `standard` the address of the standard it follows.
    """

    name: str
    title: str
    path: str
    media_type: str
    file_type: str
    standard: str
    iana_registered: bool = True


INTERFACES = (
    StatisticalInterface(
        JSON_STAT.name,
        JSON_STAT.title,
        f"/v1/{OBSERVATIONS.name}{JSON_STAT.suffix}",
        JSON_STAT.media_type,
        "JSON",
        "https://json-stat.org/full/",
    ),
    StatisticalInterface(
        SDMX, "SDMX", f"{SDMX_PATH}/data/{FLOW}", DATA_FORMATS[0].media_type, "SDMX", SDMX_REST, iana_registered=False
    ),
)


def statistical_interfaces(dataset: Dataset) -> tuple[StatisticalInterface, ...]:
    """Return the interfaces of a dataset: those of the observations, none of any other dataset."""
    return INTERFACES if dataset is OBSERVATIONS else ()
