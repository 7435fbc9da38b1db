"""Structure messages, written by pysdmx and completed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.renderers.sdmx.artefacts import modelled
from app.renderers.sdmx.codelists import AGENCY
from app.renderers.sdmx.message import Heading
from app.renderers.sdmx.names import named_json, named_xml
from app.renderers.sdmx.structure_query import Chosen


def structure_message(form: str, chosen: Sequence[Chosen], heading: Heading, url: str) -> bytes:
    """A structure message in SDMX-ML or SDMX-JSON; `url` is the absolute address of the service."""
    models = [modelled(each.artefact, each.is_stub, each.only) for each in chosen]
    known = {each.artefact.key: each.artefact for each in chosen}
    complete = named_xml if form == "structure" else named_json
    return complete(in_form(form, models, heading), known, url)


def in_form(form: str, models: Sequence[Any], heading: Heading) -> str:
    """Structures of pysdmx as it writes them."""
    from pysdmx.io.json.sdmxjson2.writer.v2_0.structure import write as write_json
    from pysdmx.io.xml.sdmx21.writer.structure import write as write_xml
    from pysdmx.model import Organisation
    from pysdmx.model.message import Header

    prepared = datetime.fromisoformat(heading.prepared)
    header = Header(id=heading.id, test=False, prepared=prepared, sender=Organisation(id=AGENCY))
    write = write_xml if form == "structure" else write_json
    return str(write(models, prettyprint=form == "structure", header=header))
