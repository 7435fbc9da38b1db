"""The responsible bodies of provisions: `（责任单位：…）` at the end of one, or the body that a duty begins with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.parser.documents.provision_tree import Provision
from app.parser.text.normalise import fold_width

_LABEL = re.compile(r"(?:责任单位|牵头单位|配合单位|责任部门|责任主体)\s?:\s?")
# 市水利局负责…; at the beginning of an item.
_DUTY = re.compile(r"([^，。；、：,;:()\s]{1,14}?(?:局|办|委|会|院|部|府|联|中心|集团|厅|署|海关|海事局))负责")
_FOR_ALL_BELOW = re.compile(r"以下均需(.{2,60}?)负责")
_ACTION = re.compile(r"(?:分别)?(?:负责)?(?:牵头|配合|落实|实施|负责落实|负责|组织实施)+$")
_OPEN, _CLOSE = "([", ")]"
_MAX_LIST_LENGTH = 600


def assign_responsible_bodies(provisions: Sequence[Provision]) -> None:
    """Set `responsible` of each provision to the bodies printed in it; the provisions come in text order.

    Bodies that the text names once for all items that follow (以下均需…负责) are responsible for the rest of the
    chapter, or of the document where it has no chapters: they are added to each list there, and to each item without
    a list.
    """
    bodies_for_all: list[str] = []
    source: Provision | None = None
    for provision in provisions:
        text = provision.text
        if source is not None and source.parent and _chapter_of(provision) is not _chapter_of(source):
            bodies_for_all, source = [], None
        provision.responsible = _extract_printed_bodies(text)
        if not provision.responsible and provision.parent is not None and (match := _DUTY.match(fold_width(text))):
            # 由X负责: the body is what follows 由.
            provision.responsible = [text[match.start(1) : match.end(1)].rpartition("由")[2]]
        elif source is not None and text.strip():
            added = [body for body in bodies_for_all if body not in provision.responsible]
            provision.responsible += added
            if added:
                provision.notes.append(f"{'、'.join(added)}: named once for all later items, in {source.path}")
        if match := _FOR_ALL_BELOW.search(fold_width(text)):
            bodies_for_all = _split_bodies(text[match.start(1) : match.end(1)])
            source = provision


def _chapter_of(provision: Provision) -> Provision:
    """Return the provision at the top of the tree that holds a provision."""
    while provision.parent is not None:
        provision = provision.parent
    return provision


def _extract_printed_bodies(text: str) -> list[str]:
    """Return the bodies listed after 责任单位：, 牵头单位： and similar labels, each once."""
    folded = fold_width(text)
    bodies: list[str] = []
    for match in _LABEL.finditer(folded):
        listed = _split_bodies(text[match.end() : _list_end(folded, match.end())])
        bodies += [body for body in listed if body not in bodies]
    return bodies


def _list_end(folded: str, start: int) -> int:
    """Return where a list of bodies ends: at its closing bracket, or at the end of the sentence."""
    depth = 0
    for index in range(start, min(len(folded), start + _MAX_LIST_LENGTH)):
        char = folded[index]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth -= 1
            if depth < 0:
                return index
        elif depth == 0 and char in "。;；":
            return index
    return min(len(folded), start + _MAX_LIST_LENGTH)


def _split_bodies(text: str) -> list[str]:
    """Split a list of bodies at the 、 and ， outside brackets."""
    bodies: list[str] = []
    depth, start = 0, 0
    folded = fold_width(text)
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
