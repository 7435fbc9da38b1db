"""Citations as CSL-JSON (Citation Style Language 1.0.2): a list of one item."""

from typing import Any

from app.model.rows import to_json
from app.renderers.citations.citation import Citation


def write_csl(citation: Citation) -> bytes:
    parts = [int(part) for part in citation.issued.split("-")] if citation.issued else None
    item: dict[str, Any] = {
        "id": citation.key,
        "type": citation.genre,
        "title": citation.title,
        "genre": citation.kind,
        "author": [{"literal": citation.author}] if citation.author else None,
        "authority": citation.author if citation.genre == "regulation" else None,
        "number": citation.number,
        "issued": {"date-parts": [parts]} if parts else None,
        "container-title": citation.gazette_title,
        "issue": citation.issue,
        "volume": citation.volume,
        "page": "-".join(map(str, citation.pages)) or None,
        "publisher": citation.publisher,
        "note": "，".join(filter(None, (citation.gazette, citation.location))) or None,
        "language": "zh-CN",
        "URL": citation.url,
    }
    return to_json([{name: value for name, value in item.items() if value is not None}]).encode()
