"""Data messages in every format on offer."""

from collections.abc import Callable, Iterator, Mapping

from app.renderers.sdmx import csv, json, xml
from app.renderers.sdmx.message import Message

WRITERS: Mapping[str, Callable[[Message], Iterator[str]]] = {
    "specific": xml.specific,
    "generic": xml.generic,
    "json1": json.version_1,
    "json2": json.version_2,
    "csv1": csv.version_1,
    "csv2": csv.version_2,
}
"""By the names of `app.sdmx.media.DATA`."""


def written(message: Message, form: str) -> bytes:
    """A message in a format."""
    return "".join(WRITERS[form](message)).encode()
