"""All rows of a question in one file: CSV, NDJSON, XLSX, Parquet."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from datetime import date
from typing import BinaryIO

from app.api.cache_headers import revision_headers
from app.api.context import Desk
from app.api.endpoints.items import find_item
from app.api.problems import unavailable
from app.db.reader import Unavailable
from app.errors import Fault, Problem, bad_request
from app.http.file_cache import Held, Whole
from app.http.result import Answer
from app.model.dataset import Dataset
from app.query.params.dataset_query import TABLE, Ask, read_ask
from app.query.params.query_string import split_query
from app.renderers.catalog.catalogue import CSVW_SUFFIX
from app.renderers.catalog.csvw import MEDIA_TYPE as CSVW
from app.renderers.tabular.formats import Format, Plan, TooManyRows
from app.renderers.tabular.writers import TEXT_WRITERS, about_of, write_file

TRIES = 3
"""How often an answer is begun again because a load came between its headers and its rows."""
SMALL = 1_048_576
"""Bytes up to which text is finished before it is sent."""
UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
"""What no id of ours holds, and no file name should."""


def export_parameters(form: Format) -> tuple[str, ...]:
    """The parameters of a format beside filters; never `cursor`, for it holds all rows."""
    return tuple(name for name in TABLE if name not in ("bom", "lang") or name in form.options)


async def export_collection(desk: Desk, dataset: Dataset, query: bytes, form: Format) -> Answer:
    """All matching rows in a format."""
    ask = read_ask(dataset, split_query(query, desk.settings.max_parameters), export_parameters(form), desk.settings)
    today = desk.today()
    make = _filed if form.whole else _streamed
    for _ in range(TRIES):
        identity = f"{dataset.name}{form.suffix}?{sorted(ask.given)}"
        headers = await revision_headers(desk, dataset, identity, today)
        revision = desk.store.state.revision
        name = f"{dataset.name}-{revision[:8]}{form.suffix}"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
        if form.name == "csv" and ask.members is None and ask.lang != "zh":
            described = f"{desk.settings.public_base_url}/v1/{dataset.name}{CSVW_SUFFIX}"
            headers["Link"] = f'<{described}>; rel="describedby"; type="{CSVW}"'
        if ask.lang:
            headers["Content-Language"] = ask.lang
        answer = await make(desk, dataset, ask, today, form, headers)
        await revision_headers(desk, dataset, identity, today)
        if desk.store.state.revision == revision:
            break
        # What was made belongs to another revision than its tag says.
        await answer.discard()
        desk.shelf.forget(headers["ETag"])
    return answer


def plan_of(desk: Desk, dataset: Dataset, ask: Ask) -> Plan:
    """What an export of a question holds."""
    return Plan(dataset, ask.members, ask.lang, ask.bom, about=_about(desk, dataset))


def _about(desk: Desk, dataset: Dataset) -> tuple[tuple[str, str], ...]:
    return about_of(dataset, desk.store.state.revision, desk.settings.licence)


async def _streamed(
    desk: Desk, dataset: Dataset, ask: Ask, today: date, form: Format, headers: dict[str, str]
) -> Answer:
    writer = TEXT_WRITERS[form.name](plan_of(desk, dataset, ask))

    async def parts() -> AsyncGenerator[bytes, None]:
        yield writer.head()
        if writer.form == "row_csv":
            async with aclosing(desk.store.text(dataset, ask, today)) as pieces:
                async for piece in pieces:
                    yield piece
            return
        async with aclosing(desk.store.stream(dataset, ask, today, writer.form)) as batches:
            async for batch in batches:
                yield writer.piece(batch)

    media_type = form.media_type + form.charset
    stream = parts()
    begun, ended = await begin(stream)
    if ended:
        return Answer(media_type, headers=headers, whole=Held(begun))
    headers["Accept-Ranges"] = "none"
    return Answer(media_type, headers=headers, stream=go_on(begun, stream))


async def begin(parts: AsyncGenerator[bytes, None]) -> tuple[bytes, bool]:
    """The first parts, and whether they are all: then the length is known, which some clients need.

    A database that fails at once is thereby a 503, not a broken 200.
    """
    made: list[bytes] = []
    try:
        async for part in parts:
            made.append(part)
            if sum(map(len, made)) >= SMALL:
                return b"".join(made), False
    except Unavailable as error:
        raise unavailable(error) from None
    return b"".join(made), True


async def go_on(begun: bytes, parts: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The first parts again, and the rest."""
    async with aclosing(parts):
        yield begun
        async for part in parts:
            yield part


async def _filed(desk: Desk, dataset: Dataset, ask: Ask, today: date, form: Format, headers: dict[str, str]) -> Answer:
    if form.most_rows is not None:
        await _require_room(desk, dataset, ask, today, form.most_rows)

    async def build(file: BinaryIO) -> None:
        plan = plan_of(desk, dataset, ask)
        await write_file(form, plan, file, lambda stored: desk.store.stream(dataset, ask, today, stored))

    return Answer(form.media_type, headers=headers, whole=await _shelved(desk, headers["ETag"], build))


async def _shelved(desk: Desk, key: str, build: Callable[[BinaryIO], Awaitable[None]]) -> Whole:
    try:
        return await desk.shelf.take(key, build)
    except Unavailable as error:
        raise unavailable(error) from None
    except TooManyRows:
        raise bad_request([Fault("limit", "there are more rows than a file holds; set one, or take .csv")]) from None
    except OSError:
        detail = "There is no room to make the file at the moment; .csv needs none."
        raise Problem(503, detail, headers={"Retry-After": "60"}) from None


async def _require_room(desk: Desk, dataset: Dataset, ask: Ask, today: date, most: int) -> None:
    try:
        total = await desk.store.total(dataset, ask, today)
    except Unavailable as error:
        raise unavailable(error) from None
    rows = max(total - ask.offset, 0)
    rows = rows if ask.limit is None else min(rows, ask.limit)
    if rows > most:
        raise bad_request([Fault("limit", f"a file holds {most} rows, and there are {rows}; set one, or take .csv")])


async def export_item(desk: Desk, dataset: Dataset, key: str, query: bytes, form: Format) -> Answer:
    """One row in a format."""
    found = await find_item(desk, dataset, key, query, form.suffix)
    plan = Plan(dataset, found.members, anew=True, about=_about(desk, dataset))
    headers = found.headers
    headers["Content-Disposition"] = f'attachment; filename="{UNSAFE.sub("-", found.own_id)}{form.suffix}"'
    if not form.whole:
        writer = TEXT_WRITERS[form.name](plan)
        whole = Held(writer.head() + writer.piece([found.row]))
        return Answer(form.media_type + form.charset, headers=headers, whole=whole)

    async def one() -> AsyncGenerator[list[bytes], None]:
        yield [found.row]

    async def build(file: BinaryIO) -> None:
        await write_file(form, plan, file, lambda _: one())

    return Answer(form.media_type, headers=headers, whole=await _shelved(desk, headers["ETag"], build))
