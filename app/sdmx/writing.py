"""Data messages in every format on offer."""

from collections.abc import Callable, Iterator, Mapping

from app.sdmx import csvdata, jsondata, xmldata
from app.sdmx.message import Message

WRITERS: Mapping[str, Callable[[Message], Iterator[str]]] = {
    "specific": xmldata.specific,
    "generic": xmldata.generic,
    "json1": jsondata.version_1,
    "json2": jsondata.version_2,
    "csv1": csvdata.version_1,
    "csv2": csvdata.version_2,
}
"""By the names of `app.sdmx.media.DATA`."""


def written(message: Message, form: str) -> bytes:
    """A message in a format."""
    return "".join(WRITERS[form](message)).encode()
