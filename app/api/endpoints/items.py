"""One row by its id."""

from dataclasses import dataclass
from urllib.parse import quote

from app.api.cache_headers import validators
from app.api.context import Desk
from app.api.links import item_link_header
from app.api.problems import unavailable
from app.db.reader import Unavailable
from app.errors import Fault, Problem, bad_request
from app.http import conditional
from app.http.result import JSON, Answer
from app.model.dataset import Dataset
from app.model.rows import from_json, project, to_json
from app.model.values import BadValue, clip
from app.query.params.controls import read_fields, read_option
from app.query.params.query_string import Pairs, split_query, unknown_parameter


@dataclass(slots=True)
class Found:
    """One row: its id, its JSON cut to the members wanted, and the headers of an answer."""

    own_id: str
    row: bytes
    members: tuple[str, ...] | None
    headers: dict[str, str]


async def get_item(desk: Desk, dataset: Dataset, key: str, query: bytes) -> Answer:
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
        conditional.check(headers, None)
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
