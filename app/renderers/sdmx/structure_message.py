"""Structure messages, written by pysdmx and completed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.renderers.sdmx.artefacts import to_pysdmx
from app.renderers.sdmx.codelists import AGENCY
from app.renderers.sdmx.completion import complete_json, complete_xml
from app.renderers.sdmx.message import MessageHeader
from app.renderers.sdmx.structure_query import SelectedArtefact


def write_structure_message(
    format_name: str, selected: Sequence[SelectedArtefact], header: MessageHeader, url: str
) -> bytes:
    """Return a structure message in SDMX-ML or SDMX-JSON. `url` is the absolute URL of the service."""
    is_xml = format_name == "structure"
    # pysdmx does not escape names in XML. They are set when the message is completed.
    models = [to_pysdmx(each.artefact, each.is_stub, each.term_ids, with_names=not is_xml) for each in selected]
    artefacts = {selection.artefact.key: selection.artefact for selection in selected}
    complete = complete_xml if is_xml else complete_json
    return complete(write_structures(format_name, models, header), artefacts, url)


def write_structures(format_name: str, models: Sequence[Any], message_header: MessageHeader) -> str:
    """Return pysdmx structures as pysdmx writes them."""
    from pysdmx.io.json.sdmxjson2.writer.v2_0.structure import write as write_json
    from pysdmx.io.xml.sdmx21.writer.structure import write as write_xml
    from pysdmx.model import Organisation
    from pysdmx.model.message import Header

    prepared = datetime.fromisoformat(message_header.prepared)
    header = Header(id=message_header.id, test=False, prepared=prepared, sender=Organisation(id=AGENCY))
    write = write_xml if format_name == "structure" else write_json
    return str(write(models, prettyprint=format_name == "structure", header=header))
