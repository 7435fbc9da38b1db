"""What answering needs, and what an answer is made of."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from app.db.reader import TooExpensive, Unavailable
from app.errors import Problem
from app.query.memo import Memo
from app.settings import Settings
from app.shelf import Held, Shelf, Whole
from app.store import Store

JSON = "application/json"
MAX_AGE = 60
STALE = ", stale-while-revalidate=600"


@dataclass(slots=True)
class Answer:
    """A 200: a body, a stream of bodies, or a finished file."""

    media_type: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    stream: AsyncGenerator[bytes, None] | None = None
    whole: Whole | Held | None = None
    cheap: bool = False
    """Whether it is found again as fast as it is kept."""

    @property
    def lasting(self) -> bool:
        """Whether it may be sent again as long as the data stands: its freshness does not end at midnight."""
        return STALE in self.headers["Cache-Control"]

    async def discard(self) -> None:
        """Give back what an answer that is not sent holds open."""
        if self.stream is not None:
            await self.stream.aclose()
        if self.whole is not None:
            self.whole.close()


@dataclass(frozen=True, slots=True)
class Desk:
    """What answering needs: the store, the settings, and what day it is."""

    store: Store
    settings: Settings
    today: Callable[[], date]
    now: Callable[[], datetime]
    memo: Memo
    shelf: Shelf = field(default_factory=lambda: Shelf(0))


def unavailable(error: Unavailable) -> Problem:
    """The 503 when the database does not answer, or the question takes too long."""
    if isinstance(error, TooExpensive):
        detail = "The question takes longer than is allowed; narrow it by filters, or ask for fewer groups."
        return Problem(503, detail, headers={"Retry-After": "60"})
    return Problem(503, "The database does not answer at the moment; try again soon.", headers={"Retry-After": "5"})
