"""Read the masthead: the title, who publishes the gazette, and the row of the issue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.parser.records import Line, ParsedRow, ReadResult, UnreadLine
from app.parser.structure.contents import ContentsEntry, to_contents_field
from app.parser.structure.imprint import ImprintItem, extract_back_items, extract_masthead_items, is_prose
from app.parser.structure.issue_identity import IssueIdentity
from app.parser.structure.masthead_forms import read_cover_line
from app.parser.tables.grid import is_table_line
from app.parser.text.normalise import match_key, nonblank_lines, remove_spaces

PUBLISHER_LABELS = ("主办", "主办单位", "主管主办", "主管", "主管单位", "出版", "出版单位", "编印", "编辑出版")
"""Labels of who publishes the gazette; the first that the imprint has counts."""
_TITLE = re.compile(r"《?[\(\[]?(?P<title>[一-龥]{2,24}(?:公报|政报))[\)\]]?》?")
_BODY = re.compile(r"[一-龥]{4}")
_MAX_LINE_LENGTH = 40
_MAX_COVER_LENGTH = 120
_MAX_PROSE_LINES = 2
_EXCERPT_LENGTH = 40


def extract_issue_row(
    masthead: Sequence[Line],
    contents_lines: Sequence[Line],
    entries: Sequence[ContentsEntry],
    identity: IssueIdentity,
    back_lines: Iterable[Line] = (),
) -> ReadResult:
    """Return the issue's row, with the imprint of the masthead and what the one on the last pages, `back_lines`, adds.

    All lines of the masthead and the contents list count as read, but not running text, which belongs to neither.
    """
    masthead, prose = _split_prose(nonblank_lines(masthead))
    back = extract_back_items(back_lines)
    imprint = _without_repetitions([*extract_masthead_items(masthead), *back.items])
    labels = {item["label"]: item["value"] for item in reversed(imprint) if _BODY.match(item["value"] or "")}
    publisher = next((labels[name] for name in PUBLISHER_LABELS if labels.get(name)), None)
    lines = [*masthead, *nonblank_lines(contents_lines)]
    row = ParsedRow(
        "issues",
        identity.issue_id,
        {
            "year": identity.year,
            "number": identity.number,
            "number_to": identity.number_to,
            "cumulative_number": identity.cumulative_number,
            "published_on": identity.published_on,
            "title": _find_title(masthead),
            "publisher": publisher,
            "contents": to_contents_field(entries),
            "imprint": imprint,
        },
        lines[0].number if lines else 1,
        lines[-1].number if lines else 1,
        notes=_note(identity),
    )
    result = ReadResult(rows=[row], doubts=list(identity.doubts))
    result.unread = [
        UnreadLine(line.number, line.text.strip()[:_EXCERPT_LENGTH], "running text or a table above the first document")
        for line in prose
    ]
    result.mark_read(lines)
    result.read_lines |= back.lines
    return result


def _split_prose(masthead: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Return the lines of the masthead, and running text and rows of tables among them.

    After several such lines, the rest is text whose document was not recognised.
    """
    prose = [index for index, line in enumerate(masthead) if is_prose(line.text) or is_table_line(line)]
    end = prose[0] if len(prose) > _MAX_PROSE_LINES else len(masthead)
    kept = [line for index, line in enumerate(masthead[:end]) if index not in prose]
    return kept, [line for index, line in enumerate(masthead) if index >= end or index in prose]


def _without_repetitions(items: Iterable[ImprintItem]) -> list[ImprintItem]:
    """Return the items without those that say again what one before them says."""
    kept: dict[tuple[str | None, str], ImprintItem] = {}
    for item in items:
        kept.setdefault((item["label"], match_key(item["value"] or "")), item)
    return list(kept.values())


def _note(identity: IssueIdentity) -> str | None:
    """Return the note on what the print says otherwise than the issue's row."""
    notes = [identity.remark] if identity.remark else []
    if identity.doubts:
        printed = "; ".join(f"{each.printed} (line {each.line}): {each.reason}" for each in identity.doubts)
        decided = "" if identity.contradictions else ", and the operator decided"
        notes.append(f"The print contradicts itself{decided}. It also says {printed}.")
    return "; ".join(notes) or None


def _find_title(masthead: Sequence[Line]) -> str | None:
    short = [line.text for line in masthead if len(line.text) <= _MAX_LINE_LENGTH]
    alone = [match["title"] for text in short if (match := _TITLE.fullmatch(remove_spaces(text)))]
    beside = [
        match["title"]
        for line in masthead
        if len(line.text) <= _MAX_COVER_LENGTH
        for printed in read_cover_line(line.text).printed
        if printed.kind == "title" and (match := _TITLE.fullmatch(printed.text))
    ]
    for titles in (alone, beside):
        if titles:
            return min(titles, key=lambda title: (title.endswith("政报"), len(title)))
    match = re.search(r"《([^《》]{2,30}(?:公报|政报))》", "\n".join(line.text for line in masthead[:200]))
    return match[1] if match else None
