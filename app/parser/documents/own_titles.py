"""Tell whether a mention means the document itself, what it issues, or one of its annexes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.parser.documents.mentions import Mention
from app.parser.structure.annexes import Annex
from app.parser.text.document_numbers import normalise_number
from app.parser.text.normalise import match_key

# 关于印发甲计划的通知, 转发市某局甲意见的通知
_ISSUED = re.compile(
    r"(?:印发|转发|批转|公布|发布|颁发|颁布|下达)(.{4,200}?)(?:的?(?:通知|函|决定|公告|批复|意见|令|通告))?(?:\([^()]*\))?$"
)
# What is said of a document that this one issues.
_ISSUED_HERE = re.compile(
    r"[^。;]{0,60}?(?:印发给你们|转发给你们|下发给你们|现?予以?(?:印发|公布|发布|转发)|现(?:印发|公布|发布|转发))"
    r"|\s?(?:业?已|业?经)[^。;]{0,60}?(?:同意|通过|批准|审定|审议)"
)
_OWN_ANNEX = re.compile(r"\s?\((?:详?见)?附[件表图录]")
_NAMES_OTHERS = re.compile(r"关于(?:修改|修订|修正|废止|贯彻|宣布|公布.{0,6}失效)")


class OwnTitles:
    """The titles and the number under which a document speaks of itself, of what it issues and of its annexes."""

    def __init__(self, title: str, number: str | None, annexes: Sequence[Annex]) -> None:
        self._title = title_key(title)
        self._number = match_key(normalise_number(number)) if number else None
        self._names_others = _NAMES_OTHERS.search(title) is not None
        issued = None if self._names_others else _ISSUED.search(match_key(title))
        self._issued = [title_key(part) for part in _split_titles(issued[1])] if issued else []
        self._annexes = [title_key(annex.title) for annex in annexes if annex.title]

    def means(self, mention: Mention, number: str | None, after: str) -> bool:
        """Return whether a mention is no other document; `after` is what follows its title in the text."""
        if number and self._number:
            return match_key(number) == self._number
        if mention.title is None:
            return False
        key = title_key(mention.title)
        if key == self._title and not number:
            return True
        if _OWN_ANNEX.match(after) or any(_same_annex(key, annex) for annex in self._annexes):
            return True
        if number or self._names_others:
            return False
        if any(key == issued or _is_issued(key, issued) for issued in self._issued):
            return True
        return _ISSUED_HERE.match(after) is not None and bool(self._issued) and _is_like(key, "".join(self._issued))


def title_key(title: str) -> str:
    """Return a title for comparison, without quotes, 的, and the years in brackets, which are sometimes left out."""
    return re.sub(r"[《》〈〉的、]|\([^()]*\)$", "", re.sub(r"\([^()]*\)$", "", match_key(title)))


def _split_titles(issued: str) -> list[str]:
    """Return the titles that a title names: one without brackets, or all those in them."""
    quoted = re.findall(r"[《〈]([^《》〈〉]{2,200})[》〉]", issued)
    return quoted or [issued]


def _is_issued(key: str, issued: str) -> bool:
    """Return whether a notice that passes on 某局关于甲事项的意见 means it by 《关于甲事项的意见》."""
    return key.startswith("关于") and (issued.endswith(key) or key.removeprefix("关于") in issued)


def _is_like(key: str, issued: str) -> bool:
    return key in issued or issued in key


def _same_annex(key: str, annex: str) -> bool:
    shorter, longer = sorted((key, annex), key=len)
    return len(shorter) >= 6 and 5 * len(shorter) >= 3 * len(longer) and shorter in longer
