"""A data message before it is written, and what all its formats share."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.renderers.sdmx.codelists import AGENCY, FLOW, VERSION, Scheme
from app.renderers.sdmx.observations import DataSet, Layout

FLOW_REFERENCE = f"{AGENCY}:{FLOW}({VERSION})"
FLOW_URN = f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={FLOW_REFERENCE}"
STRUCTURE_URN = f"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={FLOW_REFERENCE}"


def data_namespace(urn: str, at_observation: str) -> str:
    """Return the namespace of structure-specific data in one layout."""
    return f"{urn}:ObsLevelDim:{at_observation}"


@dataclass(frozen=True, slots=True)
class MessageHeader:
    """The header of a message. `prepared` is the day of the newest issue, so that equal data give equal messages."""

    id: str
    prepared: str


@dataclass(frozen=True, slots=True)
class Message:
    """Data sets in one layout, with the code lists that name their codes."""

    header: MessageHeader
    layout: Layout
    datasets: tuple[DataSet, ...]
    codelists: Mapping[str, Scheme]
    labels: str = "id"
    """What SDMX-CSV writes: `id`, or `both` ids and names."""
