"""What answering needs, and what an answer is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from app.http.file_cache import Shelf
from app.query.params.parse_cache import Memo
from app.query.repository import Store
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Desk:
    """What answering needs: the store, the settings, and what day it is."""

    store: Store
    settings: Settings
    today: Callable[[], date]
    now: Callable[[], datetime]
    memo: Memo
    shelf: Shelf = field(default_factory=lambda: Shelf(0))
