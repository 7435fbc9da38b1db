"""A citation as RIS (Research Information Systems, 2011): a tag and a value a line, CRLF, UTF-8."""

from collections.abc import Mapping

from app.renderers.citations.citation import Citation
from app.renderers.xml import printable

MEDIA: Mapping[str, str] = {"regulation": "GOVDOC", "periodical": "SER", "article-magazine": "MGZN", "dataset": "DATA"}
NO_STAR = ("AU", "T2", "PB")
"""Fields in which the asterisk is not allowed."""


def write_ris(citation: Citation) -> bytes:
    """The record, from `TY` to `ER`."""
    first, last = (citation.pages[:1], citation.pages[1:])
    pairs = [
        ("TY", MEDIA[citation.genre]),
        ("ID", citation.key),
        ("TI", citation.title),
        ("AU", citation.author),
        ("T2", citation.gazette_title),
        ("M3", citation.kind),
        ("PY", (citation.issued or "")[:4]),
        ("DA", (citation.issued or "").replace("-", "/")),
        ("VL", citation.volume),
        ("IS", citation.issue),
        ("SP", str(first[0]) if first else None),
        ("EP", str(last[0]) if last else None),
        ("PB", citation.publisher),
        ("M1", citation.number if citation.genre == "regulation" else None),
        ("N1", "，".join(filter(None, (citation.gazette, citation.place)))),
        ("LA", "zh"),
        ("UR", citation.url),
    ]
    lines = [f"{tag}  - {line(tag, value)}" for tag, value in pairs if value]
    return "".join(f"{text}\r\n" for text in [*lines, "ER  - "]).encode()


def line(tag: str, value: str) -> str:
    """A value on one line."""
    flat = " ".join(printable(value).split())
    return flat.replace("*", "＊") if tag in NO_STAR else flat
