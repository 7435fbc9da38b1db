"""What an endpoint returns."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from app.http.file_cache import Held, Whole

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
