"""The forms in which statistical tools get a dataset, beside those that every dataset has."""

from dataclasses import dataclass

from app.model.dataset import Dataset
from app.renderers.representations import JSON
from app.renderers.sdmx.codelists import FLOW, OBSERVATIONS
from app.renderers.sdmx.errors import PATH
from app.renderers.sdmx.media_types import DATA

JSONSTAT_SUFFIX = ".jsonstat"
SDMX = "sdmx"
"""The name of the SDMX form, and of the service that answers it."""
SDMX_REST = "https://github.com/sdmx-twg/sdmx-rest"
"""Where the standard of SDMX's web services stands."""


@dataclass(frozen=True, slots=True)
class Interface:
    """A form that is asked for at an address of its own and bounded by the operator, so that it is no download.

    `file_type` is a code of the EU's authority table, `standard` the address of what the form conforms to.
    """

    name: str
    title: str
    path: str
    media_type: str
    file_type: str
    standard: str


INTERFACES = (
    Interface(
        JSONSTAT_SUFFIX.removeprefix("."),
        "JSON-stat",
        f"/v1/{OBSERVATIONS.name}{JSONSTAT_SUFFIX}",
        JSON,
        "JSON",
        "https://json-stat.org/full/",
    ),
    Interface(SDMX, "SDMX", f"{PATH}/data/{FLOW}", DATA[0].media_type, "SDMX", SDMX_REST),
)


def interfaces_of(dataset: Dataset) -> tuple[Interface, ...]:
    """The interfaces of a dataset: those of the observations, and none of any other."""
    return INTERFACES if dataset is OBSERVATIONS else ()
