"""Take one document apart: head, paragraphs, signature, tables and annexes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.parser.records import Line
from app.parser.structure.annexes import Annex, build_annexes, extract_annex_list, find_annex_headings
from app.parser.structure.paragraphs import Paragraph, join_paragraphs
from app.parser.structure.sections import Section
from app.parser.tables.grid import is_table_line
from app.parser.text.dates import DATE, find_date
from app.parser.text.document_numbers import registration_number
from app.parser.text.normalise import fold_width, has_heading_mark, match_key, remove_spaces, strip_markup

_SIGNER = re.compile(r"(?:政府|办公室|办公厅|委员会|局|厅|院|部|会|中心|公司|署|关|[一-鿿]{2,4})$")
_MAX_TITLE_LINES = 4
_MIN_TITLE_LENGTH = 6


@dataclass(slots=True)
class DocumentLayout:
    """The parts of one document.

    `paragraphs` are those of the provisions; `printed` also holds the signature and the list of annexes.
    `own_lines` are the lines above the annexes, without the `table_lines` among them.
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


def build_layout(section: Section, issue_lines: Sequence[Line]) -> DocumentLayout:
    """Return the parts of a document; the indexes in `section` refer to `issue_lines`."""
    title = remove_spaces("".join(strip_markup(issue_lines[index].text) for index in section.title_lines))
    number = remove_spaces(issue_lines[section.number_line].text) if section.number_line is not None else None
    head = {issue_lines[index].number for index in section.title_lines}
    if section.number_line is not None:
        head.add(issue_lines[section.number_line].number)
    last_head = max(head, default=section.lines[0].number)
    head_lines = (line for line in section.lines if line.number <= last_head)
    registration = next((found for line in head_lines if (found := registration_number(strip_markup(line.text)))), None)
    lines_below = [line for line in section.lines if line.number > last_head]
    listed, list_lines = extract_annex_list(lines_below)
    heads = find_annex_headings(lines_below, listed, list_lines)
    body_end = heads[0].index if heads else len(lines_below)
    annexes = build_annexes(lines_below, listed, heads)
    body = [line for line in lines_below[:body_end] if line.number not in list_lines]
    signer, signed_on, signature = _find_signature(body)
    body = _mark_plan_title(body, signature, match_key(title))
    tables = [line for line in body if is_table_line(line)]
    paragraphs = join_paragraphs([line for line in body if line.number not in signature and not is_table_line(line)])
    own_lines = [line for line in section.lines if line.number <= last_head]
    own_lines += [line for line in lines_below[:body_end] if not is_table_line(line)]
    printed = join_paragraphs([line for line in lines_below[:body_end] if not is_table_line(line)])
    return DocumentLayout(
        title, number, registration, signer, signed_on, paragraphs, printed, annexes, own_lines, tables
    )


def _mark_plan_title(body: Sequence[Line], signature: set[int], title: str) -> list[Line]:
    """Return the lines with a heading mark on an unmarked title of a plan below its covering note."""
    result, titles_left = list(body), _MAX_TITLE_LINES if signature else 0
    for index, line in enumerate(result):
        text = strip_markup(line.text)
        if not titles_left or not text or line.number <= max(signature):
            continue
        if len(match_key(text)) < _MIN_TITLE_LENGTH or match_key(text) not in title:
            break
        titles_left -= 1
        if not has_heading_mark(line.text):
            result[index] = Line(line.number, f"# {text}")
    return result


def _find_signature(lines: Sequence[Line]) -> tuple[str | None, date | None, set[int]]:
    """Return the signer, the date and the line numbers of the signature.

    A signature is a date on a line of its own, with the signer's name before it or on the line above.
    """
    line_above: Line | None = None
    for line in lines:
        text = strip_markup(line.text)
        if not text:
            continue
        match = DATE.search(fold_width(text))
        if match and match.end() == len(fold_width(text)) and len(text) < 60:
            name = remove_spaces(text[: match.start()])
            if not name and line_above is not None and _is_signer(strip_markup(line_above.text)):
                return remove_spaces(line_above.text), find_date(text), {line_above.number, line.number}
            if not name:
                return None, find_date(text), {line.number}
            if _is_signer(name):
                return name, find_date(text), {line.number}
        line_above = line
    return None, None, set()


def _is_signer(text: str) -> bool:
    short = remove_spaces(text)
    return 2 <= len(short) <= 30 and not re.search(r"[。，；：:,;0-9]", short) and _SIGNER.search(short) is not None
