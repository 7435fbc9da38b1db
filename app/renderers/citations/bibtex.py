"""A citation as BibTeX: UTF-8, titles and names of bodies in double braces, so that no style changes them."""

import re
from collections.abc import Mapping

from app.renderers.citations.citation import Citation
from app.renderers.xml import printable

ENTRIES: Mapping[str, str] = {"regulation": "techreport", "article-magazine": "article", "periodical": "book"}
"""Entry types that every BibTeX style knows; data is `misc`."""
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
NO_KEY = re.compile(r"[^A-Za-z0-9:._+/-]")
"""What no key of an entry may hold."""


def escaped(text: str) -> str:
    """Text as TeX prints it, on one line."""
    return "".join(ESCAPES.get(char, char) for char in " ".join(printable(text).split()))


def write_bibtex(citation: Citation) -> bytes:
    """The entry."""
    date = (citation.issued or "").split("-")
    entry = ENTRIES.get(citation.genre, "misc")
    report = entry == "techreport"
    pages = "--".join(map(str, citation.pages)) or None
    note = "，".join(filter(None, (citation.gazette if report or entry == "misc" else None, citation.place)))
    fields = {
        "title": f"{{{escaped(citation.title)}}}",
        "author": f"{{{escaped(citation.author)}}}" if citation.author else None,
        "institution": f"{{{escaped(citation.author)}}}" if report and citation.author else None,
        "publisher": f"{{{escaped(citation.publisher)}}}" if entry == "book" and citation.publisher else None,
        "journal": f"{{{escaped(citation.gazette_title)}}}" if entry == "article" and citation.gazette_title else None,
        "type": escaped(citation.kind) if report else None,
        "howpublished": escaped(citation.kind) if entry == "misc" else None,
        "number": escaped(citation.number or citation.issue or "") or None,
        "volume": escaped(citation.volume) if entry == "article" and citation.volume else None,
        "pages": pages,
        "year": date[0] or None,
        "month": str(int(date[1])) if len(date) > 1 else None,
        "day": str(int(date[2])) if len(date) > 2 else None,
        "note": escaped(note) or None,
        "url": citation.url,
        "language": "chinese",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{entry}{{{NO_KEY.sub('-', citation.key)},\n{lines}\n}}\n".encode()
