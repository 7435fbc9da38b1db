"""A data message before it is written, and what all its formats share."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.renderers.sdmx.codelists import AGENCY, FLOW, VERSION, Scheme
from app.renderers.sdmx.observations import DataSet, Layout

FLOW_REFERENCE = f"{AGENCY}:{FLOW}({VERSION})"
FLOW_URN = f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={FLOW_REFERENCE}"
STRUCTURE_URN = f"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={FLOW_REFERENCE}"


def namespace_of(urn: str, at_observation: str) -> str:
    """The namespace of structure-specific data in one arrangement."""
    return f"{urn}:ObsLevelDim:{at_observation}"


@dataclass(frozen=True, slots=True)
class Heading:
    """Who speaks, and when: `prepared` is the day of the newest issue, so that equal data make equal messages."""

    id: str
    prepared: str


@dataclass(frozen=True, slots=True)
class Message:
    """Data sets in one arrangement, with the code lists that name their codes."""

    heading: Heading
    layout: Layout
    datasets: tuple[DataSet, ...]
    codelists: Mapping[str, Scheme]
    labels: str = "id"
    """What SDMX-CSV writes: ids, names, or both."""
