"""What is asked of whom: the requests of W1 to W6, and what each must find to count as the same work."""

import json
import random
from collections.abc import Callable, Mapping

from app.datasets import DATASETS
from app.query.params.cursor import Cursor, encode_cursor
from app.query.params.dataset_query import PAGE_PARAMS, parse_dataset_query
from app.settings import Settings
from tests.bench import data, page, site
from tests.bench.drive import Questions, ask
from tests.bench.fleet import Fleet
from tests.bench.report import Bar
from tests.bench.servers import Server
from tests.bench.terms import (
    PLAIN,
    TUTORIAL,
    Claim,
    Contender,
    Work,
    against_peers,
    averages_facts,
    depth_facts,
    item_facts,
    named,
    ours,
    rows_of,
    series_facts,
    tilde,
)

VARIETY = 50_000
DEPTH = 500_000


def limits(fleet: Fleet) -> dict[str, tuple[str, dict[str, str]]]:
    """The questions whose answers L1 gives, by the names of its paths."""
    first = f"/v1/observations?indicator_id={data.indicator_id(0)}&area_id={data.area_id(0)}&limit={data.MONTHS}"
    known = {"If-None-Match": page.etag(fleet.ours["SQLite"])}
    return {
        "w1": (f"/v1/urban-villages?{page.W1}", {}),
        "w2": (f"/v1/observations/{data.observation_id(0)}", {}),
        "w3": (first, {}),
        "w304": (f"/v1/urban-villages?{page.W1}", known),
        "page": (f"{site.PATH}?{page.W1}", {}),
    }


def item_ids(rows: int) -> list[str]:
    """Return ids for W2, each once."""
    keys = random.Random(2).choices(range(rows), k=VARIETY)
    return [data.observation_id(n) for n in dict.fromkeys(keys)]


def item(fleet: Fleet, limit: Server) -> Work:
    """W2, each request another id."""
    keys_of = item_ids(fleet.data.rows)
    theirs = Questions(f"/{fleet.data.plain.stem}/observations/{{v}}.json?_shape=objects", [tilde(k) for k in keys_of])
    peers = [
        Contender("L1", limit, Questions("/w2?{v}", keys_of)),
        Contender("Datasette", fleet.datasette, theirs, item_facts),
        Contender(TUTORIAL, fleet.tutorial, Questions("/observations/{v}", keys_of), item_facts),
    ]
    claims = [Claim(f"ours, {kind}", "L1", Bar(at_least=0.45)) for kind in fleet.ours]
    contenders = [*ours(fleet.ours, "/v1/observations/{v}", item_facts, keys_of), *peers]
    return Work("W2", "one item, never asked before", contenders, [*claims, *against_peers(25, TUTORIAL)])


def series_queries(rows: int) -> list[str]:
    """Return queries for W3, each once; the limit varies above the number of rows, so few series make many queries."""
    chance = random.Random(3)
    few = [
        (data.indicator_id(chance.randrange(indicators(rows))), data.area_id(chance.randrange(data.REGIONS)), size)
        for size in (chance.randint(data.MONTHS, 1000) for _ in range(VARIETY))
    ]
    return [f"indicator_id={one}&area_id={area}&limit={size}" for one, area, size in dict.fromkeys(few)]


def series(fleet: Fleet, limit: Server) -> Work:
    """W3, each request another series or limit."""
    own = series_queries(fleet.data.rows)
    base = f"/{fleet.data.plain.stem}/observations.json?{{v}}"
    theirs = [value.replace("limit", "_size") for value in own]
    peers = [
        Contender("L1", limit, Questions("/w3?{v}", own)),
        Contender("Datasette", fleet.datasette, named(base, "_sort=period", theirs), series_facts),
        Contender(PLAIN, fleet.datasette_plain, named(base, "_sort=period", theirs), series_facts),
        Contender(TUTORIAL, fleet.tutorial, Questions("/observations?{v}", own), series_facts),
    ]
    contenders = [*ours(fleet.ours, "/v1/observations?{v}", series_facts, own), *peers]
    claims = [*(Claim(f"ours, {kind}", "L1") for kind in fleet.ours), *against_peers(10, PLAIN, TUTORIAL)]
    return Work("W3", "250 months of one series, never asked before", contenders, claims)


def indicators(rows: int) -> int:
    """The number of indicators that have all their months."""
    return max(rows // data.SERIES, 1)


def depth_of(rows: int) -> int:
    """How deep W4 looks: 500,000 rows, or half of fewer."""
    return min(DEPTH, rows // 2)


def cursors(fleet: Fleet) -> list[str]:
    """Cursors to the page at W4's depth and to some hundred places behind it.

    Made as the service makes them. Raises RuntimeError if the service's own cursor differs, which is compared nearer
    to the beginning, where an offset reaches.
    """
    settings = Settings()
    made_for = parse_dataset_query(DATASETS["observations"], (("limit", "100"),), PAGE_PARAMS, settings).cursor_scope
    depth = depth_of(fleet.data.rows)
    near = min(depth - 100, settings.max_offset)
    words = [encode_cursor(Cursor(data.observation_key(depth + n - 1)), made_for) for n in range(500)]
    server = next(iter(fleet.ours.values()))
    following = json.loads(ask(server, f"/v1/observations?limit=100&offset={near}").body)["links"]["next"]
    if f"cursor={encode_cursor(Cursor(data.observation_key(near + 99)), made_for)}" not in following:
        raise RuntimeError("a cursor of the service is not what the benchmark takes it for")
    return words


def deep(fleet: Fleet, limit: Server) -> Work:  # noqa: ARG001
    """W4, on servers that keep no answers, for there is only one first page.

    Beside Datasette the place varies; beside our own first page it is one, as there is one first page.
    """
    words = cursors(fleet)
    path = "/v1/observations?limit=100"
    own = ours(fleet.forgetful, f"{path}&cursor={{v}}", depth_facts, words)
    first = ours(fleet.forgetful, path, lambda body: [len(rows_of(body))])
    still = ours(fleet.forgetful, f"{path}&cursor={words[0]}", depth_facts)
    for contender in first:
        contender.name += ", first page"
    for contender in still:
        contender.name += ", always the same page"
    keys = [tilde(data.observation_id(depth_of(fleet.data.rows) + n - 1)) for n in range(len(words))]
    base = f"/{fleet.data.plain.stem}/observations.json?_size=100"
    theirs = Contender("Datasette", fleet.datasette, named(base, "_next={v}", keys), depth_facts)
    claims = [*against_peers(10)]
    claims += [Claim(one.name, other.name, Bar(at_least=1 / 1.2)) for one, other in zip(still, first, strict=True)]
    title = f"page of 100 at depth {depth_of(fleet.data.rows):,} by cursor"
    return Work("W4", title, [*own, *still, *first, theirs], claims)


def averages(fleet: Fleet, limit: Server) -> Work:  # noqa: ARG001
    """W6, on servers that keep no answers, for there are only 200 indicators."""
    names = [data.indicator_id(n) for n in range(indicators(fleet.data.rows))]
    own = "/v1/observations/aggregate?by=area_id&metric=avg:value&indicator_id={v}"
    sql = "select+area_id,+avg(value)+from+observations+where+indicator_id+=+:i+group+by+area_id"
    theirs = named(f"/{fleet.data.plain.stem}.json?sql={sql}", "i={v}", names)
    contenders = [*ours(fleet.forgetful, own, averages_facts, names)]
    contenders.append(Contender("Datasette", fleet.datasette, theirs, averages_facts))
    return Work("W6", "average by region of one indicator", contenders, against_peers(2.5))


WORKS: Mapping[str, Callable[[Fleet, Server], Work]] = {
    "W1": page.page,
    "W2": item,
    "W3": series,
    "W4": deep,
    "W6": averages,
    "64": page.many,
    "page": site.known_page,
    "page-new": site.new_page,
}
