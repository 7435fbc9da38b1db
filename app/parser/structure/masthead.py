"""Read the masthead: the title, who publishes the gazette, and the row of the issue."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.parser.records import Line, ParsedRow, ReadResult
from app.parser.structure.contents import ContentsEntry, to_contents_field
from app.parser.structure.issue_identity import IssueIdentity
from app.parser.text.normalise import (
    fold_width,
    has_heading_mark,
    match_key,
    remove_spaces,
    strip_markup,
)

_LABEL = re.compile(r"([^\s\d:,.。《》]{1,6}(?:\s[^\s\d:]{1,3})?)\s?:\s?")
_UNLABELLED = re.compile(r"[《●○*■◆]|.{0,30}(?:公报|标准文本)$")
_MAX_LINE_LENGTH = 40


def extract_issue_row(
    masthead: Sequence[Line], contents_lines: Sequence[Line], entries: Sequence[ContentsEntry], identity: IssueIdentity
) -> ReadResult:
    """Return the issue's row; all lines of the masthead and the contents list count as read."""
    imprint = _extract_imprint(masthead)
    labels = {item["label"]: item["value"] for item in imprint}
    publisher = next((labels[name] for name in ("主办", "主办单位", "出版", "编印") if name in labels), None)
    lines = [line for line in [*masthead, *contents_lines] if line.text.strip()]
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
        notes=_contradiction_note(identity),
    )
    result = ReadResult(rows=[row], doubts=list(identity.doubts))
    result.mark_read(lines)
    return result


def _contradiction_note(identity: IssueIdentity) -> str | None:
    """Return the note on what the print says otherwise than the operator decided."""
    printed = "; ".join(f"{each.printed} (line {each.line}): {each.reason}" for each in identity.doubts)
    return f"The print contradicts itself, and the operator decided. It also says {printed}." if printed else None


def _find_title(masthead: Sequence[Line]) -> str | None:
    short = [line.text for line in masthead if len(line.text) <= _MAX_LINE_LENGTH]
    titles = [remove_spaces(text) for text in short if match_key(text).endswith("公报")]
    if titles:
        return min(titles, key=len)
    match = re.search(r"《([^《》]{2,30}公报)》", "\n".join(line.text for line in masthead[:200]))
    return match[1] if match else None


def _extract_imprint(masthead: Sequence[Line]) -> list[dict[str, str | None]]:
    """Return the masthead as labels and values; a line without a label continues the value before it."""
    items: list[dict[str, str | None]] = []
    for line in masthead:
        text = " ".join(strip_markup(line.text).split())
        if not text:
            continue
        match = _LABEL.match(fold_width(text))
        if match:
            items.append({"label": "".join(text[: match.end(1)].split()), "value": text[match.end() :].strip()})
        elif has_heading_mark(line.text) or _UNLABELLED.match(text) or not items or items[-1]["label"] is None:
            items.append({"label": None, "value": text})
        else:
            items[-1]["value"] = f"{items[-1]['value']} {text}".strip()
    return items
