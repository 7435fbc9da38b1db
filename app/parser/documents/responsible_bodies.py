"""Who is responsible: `（责任单位：…）` at the end of a provision, or the body that a duty item begins with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.parser.text.normalise import fold

if TYPE_CHECKING:
    from app.parser.documents.provision_tree import Provision

_PRINTED = re.compile(r"(?:责任单位|牵头单位|配合单位|责任部门|责任主体)\s?:\s?")
_DUTY = re.compile(r"([^，。；、：,;:()\s]{1,14}?(?:局|办|委|会|院|部|府|联|中心|集团|厅|署|海关|海事局))负责")
_FOR_ALL_BELOW = re.compile(r"以下均需(.{2,60}?)负责")
_ACTION = re.compile(r"(?:分别)?(?:负责)?(?:牵头|配合|落实|实施|负责落实|负责|组织实施)+$")
_OPEN, _CLOSE = "([", ")]"


class Responsibility:
    """Fills in `responsible` of a document's provisions, in text order."""

    def __init__(self) -> None:
        self._for_all: list[str] = []
        self._from: str | None = None

    def assign(self, provisions: Sequence[Provision]) -> None:
        """Set each provision's responsible bodies as printed.

        Bodies that the text names once for all that follows are added to each later list.
        """
        for provision in provisions:
            text = provision.text
            named = printed_bodies(text)
            if not named and provision.parent is not None and (match := _DUTY.match(fold(text))):
                # 由X负责: the body is what follows 由.
                provision.responsible = [text[match.start(1) : match.end(1)].rpartition("由")[2]]
                continue
            if named and self._for_all:
                added = [body for body in self._for_all if body not in named]
                named += added
                if added:
                    provision.notes.append(f"{'、'.join(added)}: named once for all later items, in {self._from}")
            provision.responsible = named
            if match := _FOR_ALL_BELOW.search(fold(text)):
                self._for_all = _split(text[match.start(1) : match.end(1)])
                self._from = provision.path


def printed_bodies(text: str) -> list[str]:
    """Return the bodies listed after 责任单位：, 牵头单位： and the like."""
    folded = fold(text)
    bodies: list[str] = []
    for match in _PRINTED.finditer(folded):
        bodies += [body for body in _split(text[match.end() : _list_end(folded, match.end())]) if body not in bodies]
    return bodies


def _list_end(folded: str, start: int) -> int:
    depth = 0
    for index in range(start, min(len(folded), start + 600)):
        char = folded[index]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth -= 1
            if depth < 0:
                return index
        elif depth == 0 and char in "。;；":
            return index
    return min(len(folded), start + 600)


def _split(text: str) -> list[str]:
    """Split a list of bodies at 、 and ， outside brackets."""
    bodies: list[str] = []
    depth, start = 0, 0
    folded = fold(text)
    for index, char in enumerate(folded + ","):
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth -= 1
        elif depth <= 0 and char in "、,":
            body = _ACTION.sub("", text[start:index].strip())
            if body:
                bodies.append(body)
            start = index + 1
    return bodies
