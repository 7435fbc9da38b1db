"""Texts and entries of BibTeX, as TeX prints them."""

from typing import Any

from pybtex.database import parse_string


def entry_of(text: str) -> Any:
    """Return the only entry of a BibTeX file."""
    [entry] = parse_string(text, "bibtex").entries.values()
    return entry


ESCAPES = {r"\textbackslash{}": "\\", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^"}


def plain(tex: str) -> str:
    """Return the text that TeX prints for an escaped text."""
    out = ""
    while tex:
        found = next((mark for mark in ESCAPES if tex.startswith(mark)), "")
        out += ESCAPES[found] if found else tex[1] if tex[0] == "\\" else tex[0]
        tex = tex[len(found) or 2 if found or tex[0] == "\\" else 1 :]
    return out
