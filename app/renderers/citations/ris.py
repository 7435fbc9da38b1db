"""Citations as RIS (Research Information Systems, 2011): one tag and value per line, CRLF, UTF-8."""

from collections.abc import Mapping

from app.renderers.citations.citation import Citation
from app.renderers.xml import replace_forbidden

RIS_TYPES: Mapping[str, str] = {
    "regulation": "GOVDOC",
    "periodical": "SER",
    "article-magazine": "MGZN",
    "dataset": "DATA",
}
"""Reference types by genre."""
NO_ASTERISK_TAGS = ("AU", "T2", "PB")
"""Tags whose values may not hold an asterisk."""


def write_ris(citation: Citation) -> bytes:
    """Return the record, from `TY` to `ER`."""
    first, last = (citation.pages[:1], citation.pages[1:])
    pairs = [
        ("TY", RIS_TYPES[citation.genre]),
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
        ("N1", "，".join(filter(None, (citation.gazette, citation.location)))),
        ("LA", "zh"),
        ("UR", citation.url),
    ]
    lines = [f"{tag}  - {single_line(tag, value)}" for tag, value in pairs if value]
    return "".join(f"{text}\r\n" for text in [*lines, "ER  - "]).encode()


def single_line(tag: str, value: str) -> str:
    """Return a value on one line, with the characters that its tag allows."""
    text = " ".join(replace_forbidden(value).split())
    return text.replace("*", "＊") if tag in NO_ASTERISK_TAGS else text
