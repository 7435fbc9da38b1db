"""Citations as BibTeX: UTF-8. Titles and names of bodies stand in double braces, so that no style changes them."""

import re
from collections.abc import Mapping

from app.renderers.citations.citation import Citation
from app.renderers.xml import replace_forbidden

ENTRY_TYPES: Mapping[str, str] = {"regulation": "techreport", "article-magazine": "article", "periodical": "book"}
"""Entry types that every BibTeX style knows, by genre. Data is `misc`."""
ESCAPES: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9:._+/-]")
"""Characters that no key of an entry may hold."""


def escape_tex(text: str) -> str:
    """Return text as TeX prints it, on one line."""
    return "".join(ESCAPES.get(char, char) for char in " ".join(replace_forbidden(text).split()))


def write_bibtex(citation: Citation) -> bytes:
    date = (citation.issued or "").split("-")
    entry_type = ENTRY_TYPES.get(citation.genre, "misc")
    is_report = entry_type == "techreport"
    pages = "--".join(map(str, citation.pages)) or None
    note = "，".join(filter(None, (citation.gazette if is_report or entry_type == "misc" else None, citation.location)))
    fields = {
        "title": f"{{{escape_tex(citation.title)}}}",
        "author": f"{{{escape_tex(citation.author)}}}" if citation.author else None,
        "institution": f"{{{escape_tex(citation.author)}}}" if is_report and citation.author else None,
        "publisher": f"{{{escape_tex(citation.publisher)}}}" if entry_type == "book" and citation.publisher else None,
        "journal": f"{{{escape_tex(citation.gazette_title)}}}"
        if entry_type == "article" and citation.gazette_title
        else None,
        "type": escape_tex(citation.kind) if is_report else None,
        "howpublished": escape_tex(citation.kind) if entry_type == "misc" else None,
        "number": escape_tex(citation.number or citation.issue or "") or None,
        "volume": escape_tex(citation.volume) if entry_type == "article" and citation.volume else None,
        "pages": pages,
        "year": date[0] or None,
        "month": str(int(date[1])) if len(date) > 1 else None,
        "day": str(int(date[2])) if len(date) > 2 else None,
        "note": escape_tex(note) or None,
        "url": citation.url,
        "language": "chinese",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{entry_type}{{{NOT_IN_KEYS.sub('-', citation.key)},\n{lines}\n}}\n".encode()
