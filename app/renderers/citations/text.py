"""Citations as a line of text: GB/T 7714—2015 and APA style (7th edition).

Neither has a date of access, because the service cannot know it. GB/T 7714 wants one for sources on the web: the reader
adds it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.renderers.citations.citation import Citation

GBT_CARRIERS = {"dataset": "DS/OL", "periodical": "J/OL", "article-magazine": "J/OL", "regulation": "J/OL"}
"""Types and carriers of GB/T 7714—2015, appendix B, by genre; what a gazette prints is an article of a serial."""


@dataclass(frozen=True, slots=True)
class CitationStyle:
    """A style of references in running text."""

    name: str
    title: str
    write: Callable[[Citation], str]


def write_gbt_7714(citation: Citation) -> str:
    """Return `责任者. 题名(文号)[J/OL]. 刊名, 年(期): 页. 地址.` (GB/T 7714—2015, 4.4 and 8)."""
    number = f"（{citation.number}）" if citation.number else ""
    parts = [f"{citation.title}{number}[{GBT_CARRIERS[citation.genre]}]"]
    if citation.author:
        parts.insert(0, citation.author)
    if citation.gazette_title:
        parts.append(f"{citation.gazette_title}, {_year_and_issue(citation)}{_pages(citation, ': ', '-')}")
    elif citation.issued:
        parts.append(f"({citation.issued})")
    return f"{'. '.join(parts)}. {citation.url}."


def write_apa(citation: Citation) -> str:
    """Return `Author. (2021, May 10). Title (number). Gazette, 2021(5), 4–13. address` (APA 7, chapter 10)."""
    number = f" ({citation.number})" if citation.number else ""
    kind = " [Data set]" if citation.genre == "dataset" else ""
    title = f"{citation.title}{number}{kind}."
    author = f"{citation.author}. " if citation.author else ""
    gazette = ""
    if citation.gazette_title:
        gazette = f" {citation.gazette_title}, {_year_and_issue(citation)}{_pages(citation, ', ', '–')}."
    day = f"({_english_day(citation.issued)})."
    return f"{author}{day} {title}{gazette} {citation.url}" if author else f"{title} {day}{gazette} {citation.url}"


def _year_and_issue(citation: Citation) -> str:
    return f"{citation.year or ''}{f'({citation.issue})' if citation.issue else ''}"


def _pages(citation: Citation, before: str, dash: str) -> str:
    return f"{before}{dash.join(map(str, citation.pages))}" if citation.pages else ""


def _english_day(day: str | None) -> str:
    if not day:
        return "n.d."
    parsed = date.fromisoformat(day)
    return f"{parsed.year}, {parsed:%B} {parsed.day}"


CITATION_STYLES = (
    CitationStyle("gbt7714", "GB/T 7714", write_gbt_7714),
    CitationStyle("apa", "APA", write_apa),
)
