"""The anatomy of one document: head, paragraphs, signature; its annexes are cut off by `annexes`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.parser.records import Line
from app.parser.structure.annexes import Annex, annex_heads, annex_list, held_annexes
from app.parser.structure.paragraphs import Paragraph, paragraphs
from app.parser.structure.sections import Section
from app.parser.tables.grid import is_table_line
from app.parser.text.dates import DATE, find_date
from app.parser.text.document_numbers import registration_number
from app.parser.text.normalise import fold, is_marked, key, plain, unspaced

_SIGNER = re.compile(r"(?:政府|办公室|办公厅|委员会|局|厅|院|部|会|中心|公司|署|关|[一-鿿]{2,4})$")
_MOST_TITLE_LINES = 4
_SHORTEST_TITLE = 6


@dataclass(slots=True)
class Layout:
    """What one document's lines are.

    `paragraphs` are what provisions are made of; `printed` also holds signature and annex list.
    """

    title: str
    number: str | None
    registration: str | None
    signer: str | None
    signed_on: date | None
    paragraphs: list[Paragraph]
    printed: list[Paragraph]
    annexes: list[Annex]
    own_lines: list[Line]
    table_lines: list[Line]


def read_layout(section: Section, whole: Sequence[Line]) -> Layout:
    """Take a document's lines apart; `whole` is the issue's lines, which the section's indexes refer to."""
    title = unspaced("".join(plain(whole[index].text) for index in section.title_lines))
    number = unspaced(whole[section.number_line].text) if section.number_line is not None else None
    head = {whole[index].number for index in section.title_lines}
    if section.number_line is not None:
        head.add(whole[section.number_line].number)
    last_head = max(head, default=section.lines[0].number)
    above = (line for line in section.lines if line.number <= last_head)
    registration = next((found for line in above if (found := registration_number(plain(line.text)))), None)
    rest = [line for line in section.lines if line.number > last_head]
    listed, list_lines = annex_list(rest)
    heads = annex_heads(rest, listed, list_lines)
    body_end = heads[0].at if heads else len(rest)
    annexes = held_annexes(rest, listed, heads)
    body = [line for line in rest[:body_end] if line.number not in list_lines]
    signer, signed_on, signature = _signature(body)
    body = _title_set_off(body, signature, key(title))
    tables = [line for line in body if is_table_line(line)]
    flow = paragraphs([line for line in body if line.number not in signature and not is_table_line(line)])
    own = [line for line in section.lines if line.number <= last_head]
    own += [line for line in rest[:body_end] if not is_table_line(line)]
    printed = paragraphs([line for line in rest[:body_end] if not is_table_line(line)])
    return Layout(title, number, registration, signer, signed_on, flow, printed, annexes, own, tables)


def _title_set_off(body: Sequence[Line], signature: set[int], title: str) -> list[Line]:
    """Mark the title of the plan below a covering note where the print lost its mark, so that it stays apart."""
    result, left = list(body), _MOST_TITLE_LINES if signature else 0
    for index, line in enumerate(result):
        text = plain(line.text)
        if not left or not text or line.number <= max(signature):
            continue
        if len(key(text)) < _SHORTEST_TITLE or key(text) not in title:
            break
        left -= 1
        if not is_marked(line.text):
            result[index] = Line(line.number, f"# {text}")
    return result


def _signature(lines: Sequence[Line]) -> tuple[str | None, date | None, set[int]]:
    """Find the signature and its date: a date on a line of its own under a short name."""
    before: Line | None = None
    for line in lines:
        text = plain(line.text)
        if not text:
            continue
        match = DATE.search(fold(text))
        if match and match.end() == len(fold(text)) and len(text) < 60:
            lead = unspaced(text[: match.start()])
            if not lead and before is not None and _is_signer(plain(before.text)):
                return unspaced(before.text), find_date(text), {before.number, line.number}
            if not lead:
                return None, find_date(text), {line.number}
            if _is_signer(lead):
                return lead, find_date(text), {line.number}
        before = line
    return None, None, set()


def _is_signer(text: str) -> bool:
    short = unspaced(text)
    return 2 <= len(short) <= 30 and not re.search(r"[。，；：:,;0-9]", short) and _SIGNER.search(short) is not None
