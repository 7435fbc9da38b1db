"""How answers begin in formats that are long, or that JSON cannot hold: their examples in the OpenAPI document."""

from collections.abc import Mapping

from app.api.schemas.datasets import Json
from app.renderers.sdmx.codelists import KEY, TIME
from app.renderers.sdmx.media_types import SDMX
from app.renderers.tabular.formats import FORMATS

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
COLUMNS = f"{','.join(KEY)},{TIME},OBS_VALUE,OBS_STATUS"
MESSAGE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
META: Json = {"meta": {"id": "GAZETTE-3f2a9c51", "prepared": "2021-06-20T00:00:00+08:00", "sender": {"id": "GAZETTE"}}}
BEGINNINGS: Mapping[str, str | Json] = {
    "text/html": '<!DOCTYPE html>\n<html lang="zh-Hans">\n',
    "text/turtle": "@prefix dcat: <http://www.w3.org/ns/dcat#> .",
    "application/rdf+xml": f'{XML}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    "application/akn+xml": f'{XML}<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">',
    "application/atom+xml": f'{XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
    FORMATS["xlsx"].media_type: "PK\x03\x04",
    FORMATS["parquet"].media_type: "PAR1",
    f"{SDMX}structurespecificdata+xml;version=2.1": f'{XML}<mes:StructureSpecificData xmlns:mes="{MESSAGE}">',
    f"{SDMX}genericdata+xml;version=2.1": f'{XML}<mes:GenericData xmlns:mes="{MESSAGE}">',
    f"{SDMX}structure+xml;version=2.1": f'{XML}<mes:Structure xmlns:mes="{MESSAGE}">',
    f"{SDMX}schema+xml;version=2.1": f'{XML}<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">',
    f"{SDMX}data+csv;version=1.0.0": f"DATAFLOW,{COLUMNS}",
    f"{SDMX}data+csv;version=2.0.0": f"STRUCTURE,STRUCTURE_ID,ACTION,{COLUMNS}",
    f"{SDMX}data+json;version=1.0.0": META,
    f"{SDMX}data+json;version=2.0.0": META,
    f"{SDMX}structure+json;version=2.0.0": META,
}
"""By media type: text, or the first members of an object."""


def beginning(media_type: str) -> Json | None:
    """The example of a media type, None where none is known."""
    found = BEGINNINGS.get(media_type)
    return {"summary": "How an answer begins", "value": found} if found else None
