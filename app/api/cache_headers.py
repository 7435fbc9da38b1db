"""Headers for caches: entity tag, date of the last change, freshness.

An `etag_key` names the query and the representation of a response.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from app.api.context import AppContext
from app.api.problems import service_unavailable
from app.db.reader import DatabaseUnavailable
from app.http import conditional
from app.http.conditional import format_http_date
from app.http.response import MAX_AGE_SECONDS, STALE_WHILE_REVALIDATE
from app.model.dataset import Dataset
from app.query.repository import UNKNOWN_VERSION
from app.settings import TIME_ZONE
from app.version import VERSION


async def current_cache_headers(
    context: AppContext, dataset: Dataset | None, etag_key: str, today: date
) -> dict[str, str]:
    """Return the headers for the revision that the database holds now. Raises NotModified, Problem (503)."""
    conditional_cache_headers(
        context, dataset, etag_key, context.repository.version.revision, today, response_exists=dataset is None
    )
    try:
        version = await context.repository.refresh()
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None
    return conditional_cache_headers(context, dataset, etag_key, version.revision, today)


def conditional_cache_headers(
    context: AppContext,
    dataset: Dataset | None,
    etag_key: str,
    revision: str,
    today: date,
    response_exists: bool = False,
) -> dict[str, str]:
    """Return the headers for a revision. Raises NotModified when the client has this response already.

    The entity tag decides that. `If-Modified-Since` is considered only if it is known that the response exists, that
    is, that the request does not end in a 404 or 400.
    """
    headers, modified = cache_headers(context, dataset, etag_key, revision, today)
    is_known = response_exists and revision != UNKNOWN_VERSION.revision
    conditional.raise_if_not_modified(headers, modified if is_known else None)
    return headers


def cache_headers(
    context: AppContext, dataset: Dataset | None, etag_key: str, revision: str, today: date
) -> tuple[dict[str, str], datetime]:
    """Return the headers for a revision, and when the response last changed.

    If the response depends on the current day, so do its entity tag and date, and it is fresh until midnight at most.
    """
    modified = context.repository.version.loaded_at
    if dataset is None or dataset.today_option is None:
        tag = entity_tag(context, etag_key, revision, None)
        return {"ETag": tag, **shared_cache_headers(dataset, modified)}, modified
    now = context.now().astimezone(TIME_ZONE)
    midnight = datetime.combine(now.date(), datetime.min.time(), TIME_ZONE)
    max_age = min(MAX_AGE_SECONDS, int((midnight + timedelta(days=1) - now).total_seconds()))
    modified = max(modified, midnight)
    tag, cache_control = entity_tag(context, etag_key, revision, today), f"public, max-age={max_age}"
    return {"ETag": tag, **shared_cache_headers(dataset, modified), "Cache-Control": cache_control}, modified


@lru_cache(maxsize=64)
def shared_cache_headers(dataset: Dataset | None, modified: datetime) -> Mapping[str, str]:
    """Return the headers that all responses of a dataset share until data is loaded again."""
    return {
        "Last-Modified": format_http_date(modified),
        "Cache-Control": f"public, max-age={MAX_AGE_SECONDS}{STALE_WHILE_REVALIDATE}",
        "Vary": "Accept, Accept-Encoding",
        **(dataset.deprecation_headers if dataset is not None else {}),
    }


def entity_tag(context: AppContext, etag_key: str, revision: str, day: date | None) -> str:
    """Return a strong validator of the version, revision, query, representation and day."""
    text = f"{VERSION}\x1f{revision}\x1f{etag_key}\x1f{day or ''}\x1f{context.settings.public_base_url}"
    return f'"{blake2b(text.encode(), digest_size=12).hexdigest()}"'
