"""Examples for formats that are long or that JSON cannot hold: the start of a response."""

from collections.abc import Mapping

from app.api.schemas.json_schema import Json
from app.renderers.representations import AKOMA_NTOSO, FEEDS, PICTURE, RDF_FORMATS, TABLE_FORMATS
from app.renderers.sdmx.codelists import KEY, TIME
from app.renderers.sdmx.media_types import SDMX_PREFIX

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
SDMX_CSV_COLUMNS = f"{','.join(KEY)},{TIME},OBS_VALUE,OBS_STATUS"
MESSAGE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
SDMX_JSON_META: Json = {
    "meta": {"id": "GAZETTE-3f2a9c51", "prepared": "2021-06-20T00:00:00+08:00", "sender": {"id": "GAZETTE"}}
}
SAMPLE_STARTS: Mapping[str, str | Json] = {
    "text/html": '<!DOCTYPE html>\n<html lang="zh-Hans">\n',
    RDF_FORMATS["ttl"].media_type: "@prefix dcat: <http://www.w3.org/ns/dcat#> .",
    RDF_FORMATS["rdf"].media_type: f'{XML}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    PICTURE.media_type: f'{XML}<svg xmlns="http://www.w3.org/2000/svg" width="480" height="316" role="img">',
    AKOMA_NTOSO.media_type: f'{XML}<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">',
    FEEDS["atom"].media_type: f'{XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
    TABLE_FORMATS["xlsx"].media_type: "PK\x03\x04",
    TABLE_FORMATS["parquet"].media_type: "PAR1",
    f"{SDMX_PREFIX}structurespecificdata+xml;version=2.1": f'{XML}<mes:StructureSpecificData xmlns:mes="{MESSAGE}">',
    f"{SDMX_PREFIX}genericdata+xml;version=2.1": f'{XML}<mes:GenericData xmlns:mes="{MESSAGE}">',
    f"{SDMX_PREFIX}structure+xml;version=2.1": f'{XML}<mes:Structure xmlns:mes="{MESSAGE}">',
    f"{SDMX_PREFIX}schema+xml;version=2.1": f'{XML}<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">',
    f"{SDMX_PREFIX}data+csv;version=1.0.0": f"DATAFLOW,{SDMX_CSV_COLUMNS}",
    f"{SDMX_PREFIX}data+csv;version=2.0.0": f"STRUCTURE,STRUCTURE_ID,ACTION,{SDMX_CSV_COLUMNS}",
    f"{SDMX_PREFIX}data+json;version=1.0.0": SDMX_JSON_META,
    f"{SDMX_PREFIX}data+json;version=2.0.0": SDMX_JSON_META,
    f"{SDMX_PREFIX}structure+json;version=2.0.0": SDMX_JSON_META,
}
"""By media type: the start of a text, or the first members of an object."""


def sample_start(media_type: str) -> Json | None:
    """Return the example of a media type, or None if none is known."""
    start = SAMPLE_STARTS.get(media_type)
    return {"summary": "The start of a response", "value": start} if start else None
