"""What each address answers, as status-free parts: media type, headers, body. Shared by every way in."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson

from app import conditions
from app.dataset import Dataset
from app.datasets import DATASETS
from app.db.reader import Unavailable
from app.desk import JSON, Answer, Desk, unavailable
from app.dictionary import dictionary
from app.errors import Fault, Problem, bad_request, nearest
from app.formats.rows import from_json, project, to_json
from app.links import item_link_header, link_header, page_links
from app.pages.entries import entry
from app.query.ask import HIGHLIGHTS, Ask
from app.query.controls import read_fields, read_option
from app.query.fulltext import FullText
from app.query.highlights import highlights, read_names
from app.query.parameters import Pairs, split_query, unknown_parameter
from app.query.values import BadValue, clip
from app.validators import fresh_headers, revision_headers, validators

ANY = 2**31
"""No bound on the number of parameters, where the first is refused."""


def find_dataset(name: str) -> Dataset:
    """The dataset of that name; raises Problem (404) with the nearest one."""
    dataset = DATASETS.get(name)
    if dataset is None:
        raise Problem(404, f"There is no dataset '{clip(name)}'.{nearest(name, DATASETS)}")
    return dataset


async def collection(desk: Desk, dataset: Dataset, query: bytes) -> Answer:
    """One page as JSON."""
    ask = desk.memo.read_page(dataset, split_query(query, desk.settings.max_parameters))
    today = desk.today()
    identity, revision = f"{dataset.name}?{spelled(ask.given)}", desk.store.state.revision
    headers = fresh_headers(desk, dataset, identity, revision, today, certain=True)
    try:
        page = await desk.store.page(dataset, ask, today)
    except Unavailable as error:
        raise unavailable(error) from None
    if page.revision != revision:
        headers = fresh_headers(desk, dataset, identity, page.revision, today)
    rows = page.rows
    if ask.fulltext is not None:
        rows = await lit(desk, dataset, ask, ask.fulltext, rows)
    elif ask.members is not None:
        rows = [to_json(project(from_json(row), ask.members)).encode() for row in rows]
    links = page_links(desk.settings.public_base_url, dataset, ask, page)
    meta: dict[str, Any] = {"dataset": dataset.name}
    if page.total is not None:
        meta["total"] = page.total
    meta |= {
        "limit": ask.limit,
        "offset": None if ask.cursor else ask.offset,
        "revision": page.revision,
    }
    rest = orjson.dumps({"meta": meta, "links": links})
    body = b'{"data":[%b],%b' % (b",".join(rows), rest[1:])
    return Answer(JSON, bounded(desk, body), {**headers, "Link": link_header(links)})


def spelled(pairs: Pairs) -> str:
    """Decoded parameters in one text."""
    return "\x1f".join(["=".join(pair) for pair in pairs])


def bounded(desk: Desk, body: bytes) -> bytes:
    """A JSON answer that is not too long; raises Problem (400)."""
    most = desk.settings.max_result_bytes
    if len(body) > most:
        detail = f"the answer has {len(body)} bytes, and at most {most} are allowed; ask for fewer rows or `fields`"
        raise bad_request([Fault("limit", detail)])
    return body


async def lit(desk: Desk, dataset: Dataset, ask: Ask, asked: FullText, rows: list[bytes]) -> list[bytes]:
    """Rows with their highlights, cut to the members wanted."""
    records = [from_json(row) for row in rows]
    names = await names_of(desk, dataset, [record["id"] for record in records])
    shown = []
    for record in records:
        record[HIGHLIGHTS] = highlights(dataset, record, asked, read_names(names.get(record["id"], "")))
        shown.append(to_json(record if ask.members is None else project(record, ask.members)).encode())
    return shown


async def names_of(desk: Desk, dataset: Dataset, keys: list[str]) -> dict[str, str]:
    """The syllables of the names in rows, where the dataset has any; raises Problem (503)."""
    try:
        return await desk.store.names(dataset, keys) if dataset.names and keys else {}
    except Unavailable as error:
        raise unavailable(error) from None


@dataclass(slots=True)
class Found:
    """One row: its id, its JSON cut to the members wanted, and the headers of an answer."""

    own_id: str
    row: bytes
    members: tuple[str, ...] | None
    headers: dict[str, str]


async def item(desk: Desk, dataset: Dataset, key: str, query: bytes) -> Answer:
    """One row as a bare object."""
    found = await find_item(desk, dataset, key, query)
    links = item_link_header(desk.settings.public_base_url, dataset, found.own_id)
    return Answer(JSON, found.row, {**found.headers, "Link": links}, cheap=True)


async def find_item(desk: Desk, dataset: Dataset, key: str, query: bytes, suffix: str = "") -> Found:
    """The row of an id, or of a document number; raises Problem (400, 404, 503)."""
    members, options = read_item_ask(dataset, split_query(query, desk.settings.max_parameters))
    today = desk.today()
    identity, revision = f"{dataset.name}/{key}{suffix}?{members}{options}", desk.store.state.revision
    # Not decided before the row is found where a 304 has to name its own address too: no id holds such characters.
    headers, _ = validators(desk, dataset, identity, revision, today)
    if key.isascii():
        conditions.check(headers, None)
    own_id = key
    try:
        found = await desk.store.item(dataset, key, options, today)
        if found is None and "document_number" in dataset.by_name:
            found = await desk.store.item_by(dataset, "document_number", key, options, today)
            own_id = from_json(found.row)["id"] if found else key
    except Unavailable as error:
        raise unavailable(error) from None
    if found is None:
        raise Problem(404, f"{dataset.name} holds no row '{clip(key)}'.")
    row = found.row
    if members is not None:
        row = to_json(project(from_json(row), members)).encode()
    if found.revision != revision:
        headers, _ = validators(desk, dataset, identity, found.revision, today)
    if own_id != key:
        headers["Content-Location"] = f"{desk.settings.public_base_url}/v1/{dataset.name}/{quote(own_id, safe='')}"
    return Found(own_id, row, members, headers)


def read_item_ask(dataset: Dataset, pairs: Pairs) -> tuple[tuple[str, ...] | None, dict[str, str]]:
    """`fields` and the options that an item takes; raises Problem (400)."""
    members, options = None, {}
    if not pairs:
        return None, {}
    allowed = ["fields", *((dataset.perspective.today,) if dataset.perspective and dataset.perspective.today else ())]
    for name, value in pairs:
        option = dataset.option(name)
        try:
            if name == "fields":
                members = read_fields(dataset, value)
            elif option and name in allowed:
                options[name] = read_option(option, value)
            else:
                raise unknown_parameter(name, allowed)
        except BadValue as error:
            raise bad_request([Fault(name, str(error), error.allowed)]) from None
    return members, options


async def datasets(desk: Desk, query: bytes) -> Answer:
    """The list of datasets."""
    refuse_parameters(query)
    headers = await revision_headers(desk, None, "/v1", desk.today())
    base, totals = desk.settings.public_base_url, desk.store.state.totals
    data = [entry(dataset, base, totals.get(dataset.name, 0)) for dataset in DATASETS.values()]
    return Answer(JSON, to_json({"data": data}).encode(), headers)


async def schema(desk: Desk, dataset: Dataset, query: bytes) -> Answer:
    """The data dictionary of a dataset."""
    refuse_parameters(query)
    headers = await revision_headers(desk, None, f"{dataset.name}/schema", desk.today())
    return Answer(JSON, to_json({"dataset": dataset.name, "fields": dictionary(dataset)}).encode(), headers)


def refuse_parameters(query: bytes) -> None:
    """Raises Problem (400) for any parameter, on addresses that take none."""
    for name, _ in split_query(query, ANY):
        raise unknown_parameter(name, ())
