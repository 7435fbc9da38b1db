"""What tells the version and the freshness of an answer: entity tag, date, how long it may be kept."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from app import __version__
from app.api.context import Desk
from app.api.problems import unavailable
from app.db.reader import Unavailable
from app.http import conditional
from app.http.conditional import http_date
from app.http.result import MAX_AGE, STALE
from app.model.dataset import Dataset
from app.settings import TIME_ZONE


async def revision_headers(desk: Desk, dataset: Dataset | None, identity: str, today: date) -> dict[str, str]:
    """`fresh_headers` for the revision that the database holds now; raises NotModified, Problem (503)."""
    fresh_headers(desk, dataset, identity, desk.store.state.revision, today, certain=dataset is None)
    try:
        state = await desk.store.refresh()
    except Unavailable as error:
        raise unavailable(error) from None
    return fresh_headers(desk, dataset, identity, state.revision, today)


def fresh_headers(
    desk: Desk, dataset: Dataset | None, identity: str, revision: str, today: date, certain: bool = False
) -> dict[str, str]:
    """`validators`; raises NotModified when the client has just this answer already.

    That is told by its date only when it is `certain` that there is an answer.
    """
    headers, modified = validators(desk, dataset, identity, revision, today)
    conditional.check(headers, modified if certain else None)
    return headers


def validators(
    desk: Desk, dataset: Dataset | None, identity: str, revision: str, today: date
) -> tuple[dict[str, str], datetime]:
    """Headers that tell version and freshness, and when the answer last changed.

    The day is part of both, and midnight the end, where the answer depends on it.
    """
    modified = desk.store.state.loaded_at
    if dataset is None or dataset.perspective is None or dataset.perspective.today is None:
        tag = entity_tag(desk, identity, revision, None)
        return {"ETag": tag, **lasting_headers(dataset, modified)}, modified
    now = desk.now().astimezone(TIME_ZONE)
    morning = datetime.combine(now.date(), datetime.min.time(), TIME_ZONE)
    age = min(MAX_AGE, int((morning + timedelta(days=1) - now).total_seconds()))
    modified = max(modified, morning)
    tag, control = entity_tag(desk, identity, revision, today), f"public, max-age={age}"
    return {"ETag": tag, **lasting_headers(dataset, modified), "Cache-Control": control}, modified


@lru_cache(maxsize=64)
def lasting_headers(dataset: Dataset | None, modified: datetime) -> Mapping[str, str]:
    """The headers that all answers of a dataset share as long as the data stands."""
    return {
        "Last-Modified": http_date(modified),
        "Cache-Control": f"public, max-age={MAX_AGE}{STALE}",
        "Vary": "Accept, Accept-Encoding",
        **(dataset.notice if dataset is not None else {}),
    }


def entity_tag(desk: Desk, identity: str, revision: str, day: date | None) -> str:
    """A strong validator: which data, which question, which representation, on which day."""
    text = f"{__version__}\x1f{revision}\x1f{identity}\x1f{day or ''}\x1f{desk.settings.public_base_url}"
    return f'"{blake2b(text.encode(), digest_size=12).hexdigest()}"'
