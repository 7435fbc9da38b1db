"""Take one document apart: head, paragraphs, signature, tables and annexes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from app.parser.records import Line
from app.parser.structure.adoption import Adoption, find_adoption_lines, is_adoption_line, parse_adoption
from app.parser.structure.annexes import Annex, build_annexes, extract_annex_list, find_annex_headings
from app.parser.structure.near_titles import is_like, is_near
from app.parser.structure.paragraphs import Paragraph, join_paragraphs
from app.parser.structure.sections import Section
from app.parser.structure.unlisted_documents import is_remark, issued_part
from app.parser.tables.grid import is_table_line
from app.parser.text.dates import DATE, find_date
from app.parser.text.document_numbers import NUMBER_AT_END, registration_number
from app.parser.text.normalise import fold_width, has_heading_mark, match_key, remove_spaces, strip_markup

_SIGNER = re.compile(r"(?:政府|办公室|办公厅|委员会|局|厅|院|部|会|中心|公司|署|关|[一-鿿]{2,4})$")
_BODY = re.compile(r"[一-鿿]{2,20}(?:政府|国务院|办公室|办公厅|委员会|局|厅|院|部|署|总局|中心|银行|委|军委)$")
_MAX_TITLE_LINES = 4
_MIN_TITLE_LENGTH = 6
_BETWEEN_CELLS = re.compile(r"</t[dh]>\s{0,20}<t[dh]\b[^<>]{0,200}>", re.IGNORECASE)
_SENTENCE_MARK = re.compile(r"[。；:,;]")
_MAX_SIGNERS = 6
_MAX_HEAD_LINES = 20
_MAX_CONTENTS_LINES = 150


@dataclass(slots=True)
class DocumentLayout:
    """The parts of one document.

    `paragraphs` are those of the provisions; `printed` also holds the signature, the list of annexes and tables.
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
    adoption: Adoption = field(default_factory=Adoption)


def build_layout(section: Section, issue_lines: Sequence[Line]) -> DocumentLayout:
    """Return the parts of a document; the indexes in `section` refer to `issue_lines`."""
    title = remove_spaces("".join(strip_markup(issue_lines[index].text) for index in section.title_lines))
    number = remove_spaces(issue_lines[section.number_line].text) if section.number_line is not None else None
    if number is None and (match := NUMBER_AT_END.search(fold_width(title))):
        title, number = title[: match.start()], title[match.start(1) : match.end(1)]
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
    adoption = _find_adoption(body, title)
    plan_title = _find_plan_title(body, signature, match_key(_issuing_title(title, body)))
    body = _mark_headings(body, plan_title)
    tables = [line for line in body if is_table_line(line)]
    left_out = signature | _find_later_signatures(body, signature) | _find_contents_of_plan(body)
    left_out |= {line.number for line in body if is_remark(strip_markup(line.text))}
    paragraphs = join_paragraphs([line for line in body if line.number not in left_out and not is_table_line(line)])
    own_lines = [line for line in section.lines if line.number <= last_head]
    own_lines += [line for line in lines_below[:body_end] if not is_table_line(line)]
    starts = plan_title | {annex.listed_at for annex in listed if annex.listed_at is not None}
    printed = _join_around_tables(_mark_headings(lines_below[:body_end], plan_title), starts)
    return DocumentLayout(
        title, number, registration, signer, signed_on, paragraphs, printed, annexes, own_lines, tables, adoption
    )


def _join_around_tables(lines: Sequence[Line], starts: set[int]) -> list[Paragraph]:
    """Return the paragraphs of lines with tables among them; a row of a table is a paragraph with tabs."""
    paragraphs: list[Paragraph] = []
    for is_table, group in groupby(lines, is_table_line):
        if is_table:
            paragraphs += [Paragraph(table_text(line), line.number, line.number) for line in group]
        else:
            paragraphs += join_paragraphs(list(group), starts)
    return paragraphs


def table_text(line: Line) -> str:
    """Return a line of a table as it stands in a document's text: cells between tabs, also the empty ones."""
    if "\t" in line.text.strip():
        return line.text.rstrip("\r\n ")
    return strip_markup(_BETWEEN_CELLS.sub("\t", line.text))


def _find_adoption(body: Sequence[Line], title: str) -> Adoption:
    """Return what stands below the title, or that of the regulation which the document issues, about its adoption.

    An order or announcement says it in its first sentences, a report on which day it was delivered.
    """
    lines = find_adoption_lines(body)
    if not lines:
        head = [line for line in body if line.text.strip()][:_MAX_HEAD_LINES]
        at = next((at for at, line in enumerate(head) if is_adoption_line(strip_markup(line.text))), len(head))
        lines = find_adoption_lines(head[at:])
        if not lines and match_key(title).endswith(("令", "公告", "报告")):
            lines = head[:3]
    return parse_adoption("\n".join(strip_markup(line.text) for line in lines))


def _issuing_title(title: str, body: Sequence[Line]) -> str:
    """Return the title that names what a document issues; an order or announcement names it in its first sentence."""
    if not match_key(title).endswith(("令", "公告")):
        return title
    first = next((line.text for line in body if line.text.strip()), "")
    quoted = re.search(r"《([^《》]{2,200})》", first)
    return quoted[1] if quoted else title


def _find_later_signatures(body: Sequence[Line], signature: set[int]) -> set[int]:
    """Return the numbers of the lines of further signatures, such as that of a report which a notice passes on."""
    found: set[int] = set()
    above: list[Line] = []
    for line in body:
        text = strip_markup(line.text)
        if not text:
            continue
        if signature and line.number > max(signature) and DATE.fullmatch(fold_width(text)):
            signers = [signer for signer in _signers_above(above) if _BODY.search(remove_spaces(signer.text))]
            found |= {line.number, *(signer.number for signer in signers)} if signers else set()
        above.append(line)
    return found


def _find_plan_title(body: Sequence[Line], signature: set[int], title: str) -> set[int]:
    """Return the numbers of the lines that are the title of a plan below its covering note.

    `title` is the match key of the note's title, which names the plan; a character may differ.
    """
    found: set[int] = set()
    below = [line for line in body if signature and line.number > max(signature) and line.text.strip()]
    below = [line for line in below[: 2 * _MAX_TITLE_LINES] if not is_remark(strip_markup(line.text))]
    for line in below[:_MAX_TITLE_LINES]:
        key = match_key(line.text)
        if len(key) < _MIN_TITLE_LENGTH or key.replace("的", "") not in title.replace("的", ""):
            break
        found.add(line.number)
    issued = title_without_years(issued_part(title))
    for count in range(1, min(len(below), _MAX_TITLE_LINES) + 1):
        key = title_without_years("".join(match_key(line.text) for line in below[:count]))
        if key and (_is_like(key, issued) or (len(key) >= 10 and is_near(key, issued[-len(key) :]))):
            found |= {line.number for line in below[:count]}
    return found


def _is_like(key: str, issued: str) -> bool:
    """Return whether a line below a note is the title of what the note issues, in a word of which it may differ."""
    return is_near(key, issued) or (not _SENTENCE_MARK.search(key) and is_like(key, issued))


def title_without_years(key: str) -> str:
    """Return the match key of a title without the years or the remark in brackets at its end, and without 《》."""
    return re.sub(r"[《》〈〉]|\([^()]*\)$", "", key)


def _mark_headings(body: Sequence[Line], numbers: set[int]) -> list[Line]:
    """Return the lines with a heading mark on those of these numbers."""
    return [
        Line(line.number, f"# {strip_markup(line.text)}")
        if line.number in numbers and not has_heading_mark(line.text)
        else line
        for line in body
    ]


def _find_contents_of_plan(body: Sequence[Line]) -> set[int]:
    """Return the numbers of the lines of a plan's own contents list: from 目录 until its first entry is repeated."""
    lines = [line for line in body if line.text.strip()]
    start = next((at for at, line in enumerate(lines) if match_key(line.text) in ("目录", "目次")), None)
    if start is None or start + 2 >= len(lines):
        return set()
    first = match_key(lines[start + 1].text)
    end = next((at for at in range(start + 2, len(lines)) if match_key(lines[at].text) == first), None)
    if end is None or end - start > _MAX_CONTENTS_LINES:
        return set()
    return {line.number for line in lines[start:end]}


def _find_signature(lines: Sequence[Line]) -> tuple[str | None, date | None, set[int]]:
    """Return the signer, the date and the line numbers of the signature.

    A signature is a date on a line of its own, with the signer's name before it or on the line above; several signers
    have a line each and are joined by 、.
    """
    above: list[Line] = []
    for line in lines:
        text = strip_markup(line.text)
        if not text:
            continue
        folded = fold_width(text)
        match = DATE.search(folded)
        if match and match.end() == len(folded.rstrip(" )")) and len(text) < 60:
            name = remove_spaces(text[: match.start()]).strip("（(")
            signers = _signers_above(above)
            if not name and signers:
                names = "、".join(_signer_name(signer.text) for signer in signers)
                return names, find_date(text), {signer.number for signer in signers} | {line.number}
            if not name:
                return None, find_date(text), {line.number}
            if _is_signer(name):
                return name, find_date(text), {line.number}
        above.append(line)
    return None, None, set()


def _signers_above(lines: Sequence[Line]) -> list[Line]:
    """Return the lines directly above a date that hold signers; several only where all are public bodies."""
    signers: list[Line] = []
    for line in reversed(lines[-_MAX_SIGNERS:]):
        text = strip_markup(line.text)
        if not _is_signer(text) or (signers and not _BODY.search(remove_spaces(text))):
            break
        signers.insert(0, line)
    return signers


def _signer_name(text: str) -> str:
    """Return the signers of one line; two of them stand apart (甲市政府　乙市政府)."""
    printed = strip_markup(text)
    parts = re.split(r"[\s\u3000]{1,20}", printed)
    return "、".join(parts) if len(parts) > 1 and all(_BODY.search(part) for part in parts) else remove_spaces(printed)


def _is_signer(text: str) -> bool:
    short = remove_spaces(text)
    return 2 <= len(short) <= 30 and not re.search(r"[。，；：:,;0-9]", short) and _SIGNER.search(short) is not None
