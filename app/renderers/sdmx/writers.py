"""The writers of data messages."""

from collections.abc import Callable, Iterator, Mapping

from app.renderers.sdmx import csv, json, xml
from app.renderers.sdmx.message import Message

WRITERS: Mapping[str, Callable[[Message], Iterator[str]]] = {
    "specific": xml.write_structure_specific,
    "generic": xml.write_generic,
    "json1": json.write_json_1,
    "json2": json.write_json_2,
    "csv1": csv.write_csv_1,
    "csv2": csv.write_csv_2,
}
"""By the names in `media_types.DATA_FORMATS`."""


def write_data_message(message: Message, format_name: str) -> bytes:
    """Return a message in a format."""
    return "".join(WRITERS[format_name](message)).encode()
