"""Make slugs and ids: toneless pinyin without separators."""

from __future__ import annotations

import re
from functools import lru_cache

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_MAX_TEXT_LENGTH = 60
_MAX_SLUG_LENGTH = 80


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """Return toneless pinyin in a-z and 0-9, like `yueqing` for 乐清; "" when nothing is left.

    A slug has at most 80 characters.
    """
    # Its tables take 60 MB, which a worker that serves requests does not need.
    from pypinyin import Style, lazy_pinyin

    # A numeral such as Ⅲ or a full-width digit has no pinyin. It is dropped.
    parts = lazy_pinyin(text[:_MAX_TEXT_LENGTH], style=Style.NORMAL, errors="default")
    return _NOT_SLUG.sub("", "".join(parts).lower().replace("ü", "v"))[:_MAX_SLUG_LENGTH]


def unique_id(base_id: str, used_ids: dict[str, int]) -> str:
    """Return `base_id`, or `base_id-2` and so on when it is used already, and count it in `used_ids`."""
    uses = used_ids.get(base_id, 0) + 1
    used_ids[base_id] = uses
    return base_id if uses == 1 else unique_id(f"{base_id}-{uses}", used_ids)
