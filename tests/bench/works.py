"""What is asked of whom: the requests of W1 to W6, and what each must find to count as the same work."""

import json
import random
from collections.abc import Callable, Mapping

from app.datasets import DATASETS
from app.query.ask import PAGE, read_ask
from app.query.cursor import Cursor, encode
from app.settings import Settings
from tests.bench import data
from tests.bench.drive import Questions, ask
from tests.bench.fleet import Fleet
from tests.bench.report import Bar
from tests.bench.servers import Server
from tests.bench.terms import (
    Claim,
    Contender,
    Facts,
    Work,
    averages_facts,
    depth_facts,
    item_facts,
    page_facts,
    rows_of,
    series_facts,
)

VARIETY = 50_000
DEPTH = 500_000
W1 = "plan=demolition&sort=-year_from,number&limit=20"
W1_ANEW = "plan=demolition&street__ne=x{n}&sort=-year_from,number&limit=20"


def ours(servers: Mapping[str, Server], pattern: str, facts: Facts, values: list[str] | None = None) -> list[Contender]:
    """The same questions to our servers."""
    return [
        Contender(f"ours, {kind}", server, Questions(pattern, values or ()), facts) for kind, server in servers.items()
    ]


def tilde(key: str) -> str:
    """An id as Datasette writes it in a path."""
    return key.replace(".", "~2E")


def asked_before(fleet: Fleet, limit: Server) -> list[Work]:
    """W1 from memory, and 304."""
    remembered = ours(fleet.ours, f"/v1/urban-villages?{W1}", page_facts)
    top = Contender("L1", limit, Questions(f"/w1?{W1}"), page_facts)
    tag = etag(next(iter(fleet.ours.values())))
    known = ours(fleet.ours, f"/v1/urban-villages?{W1}", page_facts)
    top_known = Contender("L1", limit, Questions(f"/w304?{W1}"))
    for contender in (*known, top_known):
        contender.facts = None
        contender.questions.headers["If-None-Match"] = tag
    claims = [Claim(name, "L1", Bar(at_least=0.85)) for name in ("ours, SQLite", "ours, Postgres")]
    return [
        Work("cached", "W1, page of 20, asked before", [*remembered, top], claims),
        Work("304", "page of 20, `If-None-Match`", [*known, top_known], claims),
    ]


def limits(fleet: Fleet) -> dict[str, tuple[str, dict[str, str]]]:
    """The questions whose answers L1 gives, by the names of its paths."""
    first = f"/v1/observations?indicator_id={data.indicator_id(0)}&area_id={data.area_id(0)}&limit={data.MONTHS}"
    known = {"If-None-Match": etag(fleet.ours["SQLite"])}
    return {
        "w1": (f"/v1/urban-villages?{W1}", {}),
        "w2": (f"/v1/observations/{data.observation_id(0)}", {}),
        "w3": (first, {}),
        "w304": (f"/v1/urban-villages?{W1}", known),
    }


def etag(server: Server) -> str:
    """The validator of the page of W1."""
    headers = dict(ask(server, f"/v1/urban-villages?{W1}").headers)
    return headers["etag"]


def page(fleet: Fleet, limit: Server) -> Work:
    """W1, each request another filter value."""
    base = f"/{fleet.data.plain.stem}/urban_villages.json?plan=demolition&street__not=x{{n}}"
    peers = [
        Contender("L1", limit, Questions(f"/w1?{W1_ANEW}"), page_facts),
        Contender("Datasette", fleet.datasette, _named(base, "_sort_desc=year_from&_size=20"), page_facts),
        Contender(
            "tutorial", fleet.tutorial, Questions("/villages?plan=demolition&street_ne=x{n}&limit=20"), page_facts
        ),
    ]
    claims = [
        Claim("ours, SQLite", "L1", Bar(at_least=0.20)),
        Claim("ours, Postgres", "L1", Bar(at_least=0.14)),
        *_against_peers(25),
    ]
    contenders = [*ours(fleet.ours, f"/v1/urban-villages?{W1_ANEW}", page_facts), *peers]
    return Work("W1", "page of 20, never asked before", contenders, claims)


def _named(base: str, rest: str, values: list[str] | None = None) -> Questions:
    return Questions(f"{base}&{rest}&_shape=objects", values or ())


def _against_peers(times: float, tutorial: bool = True) -> list[Claim]:
    names = ("ours, SQLite", "ours, Postgres")
    claims = [Claim(name, "Datasette", Bar(at_least=times)) for name in names]
    return [*claims, *(Claim(name, "tutorial") for name in names if tutorial)]


def item(fleet: Fleet, limit: Server) -> Work:
    """W2, each request another id."""
    keys = random.Random(2).choices(range(fleet.data.rows), k=VARIETY)
    keys_of = [data.observation_id(n) for n in dict.fromkeys(keys)]
    theirs = Questions(f"/{fleet.data.plain.stem}/observations/{{v}}.json?_shape=objects", [tilde(k) for k in keys_of])
    peers = [
        Contender("L1", limit, Questions("/w2?{v}", keys_of)),
        Contender("Datasette", fleet.datasette, theirs, item_facts),
        Contender("tutorial", fleet.tutorial, Questions("/observations/{v}", keys_of), item_facts),
    ]
    claims = [Claim(f"ours, {kind}", "L1", Bar(at_least=0.45)) for kind in fleet.ours]
    contenders = [*ours(fleet.ours, "/v1/observations/{v}", item_facts, keys_of), *peers]
    return Work("W2", "one item, never asked before", contenders, [*claims, *_against_peers(25)])


def series(fleet: Fleet, limit: Server) -> Work:
    """W3; the limit varies above the number of rows, so that few series make many questions."""
    chance = random.Random(3)
    few = [
        (data.indicator_id(chance.randrange(indicators(fleet))), data.area_id(chance.randrange(data.REGIONS)), size)
        for size in (chance.randint(data.MONTHS, 1000) for _ in range(VARIETY))
    ]
    own = [f"indicator_id={one}&area_id={area}&limit={size}" for one, area, size in dict.fromkeys(few)]
    named = [value.replace("limit", "_size") for value in own]
    peers = [
        Contender("L1", limit, Questions("/w3?{v}", own)),
        Contender(
            "Datasette",
            fleet.datasette,
            _named(f"/{fleet.data.plain.stem}/observations.json?{{v}}", "_sort=period", named),
            series_facts,
        ),
        Contender("tutorial", fleet.tutorial, Questions("/observations?{v}", own), series_facts),
    ]
    contenders = [*ours(fleet.ours, "/v1/observations?{v}", series_facts, own), *peers]
    claims = [*(Claim(f"ours, {kind}", "L1") for kind in fleet.ours), *_against_peers(10)]
    return Work("W3", "250 months of one series, never asked before", contenders, claims)


def indicators(fleet: Fleet) -> int:
    """The number of indicators that have all their months."""
    return max(fleet.data.rows // data.SERIES, 1)


def depth_of(fleet: Fleet) -> int:
    """How deep W4 looks: 500,000 rows, or half of fewer."""
    return min(DEPTH, fleet.data.rows // 2)


def cursors(fleet: Fleet) -> list[str]:
    """Cursors to the page at W4's depth and to some hundred places behind it.

    Made as the service makes them; raises RuntimeError should its own be another.
    """
    made_for = read_ask(DATASETS["observations"], (("limit", "100"),), PAGE, Settings()).made_for
    depth = depth_of(fleet)
    words = [encode(Cursor(data.observation_key(depth + n - 1)), made_for) for n in range(500)]
    server = next(iter(fleet.ours.values()))
    following = json.loads(ask(server, f"/v1/observations?limit=100&offset={depth - 100}").body)["links"]["next"]
    if f"cursor={words[0]}" not in following:
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
    keys = [tilde(data.observation_id(depth_of(fleet) + n - 1)) for n in range(len(words))]
    base = f"/{fleet.data.plain.stem}/observations.json?_size=100"
    theirs = Contender("Datasette", fleet.datasette, _named(base, "_next={v}", keys), depth_facts)
    claims = [*_against_peers(10, tutorial=False)]
    claims += [Claim(one.name, other.name, Bar(at_least=1 / 1.2)) for one, other in zip(still, first, strict=True)]
    title = f"page of 100 at depth {depth_of(fleet):,} by cursor"
    return Work("W4", title, [*own, *still, *first, theirs], claims)


def averages(fleet: Fleet, limit: Server) -> Work:  # noqa: ARG001
    """W6, on servers that keep no answers, for there are only 200 indicators."""
    names = [data.indicator_id(n) for n in range(indicators(fleet))]
    own = "/v1/observations/aggregate?by=area_id&metric=avg:value&indicator_id={v}"
    sql = "select+area_id,+avg(value)+from+observations+where+indicator_id+=+:i+group+by+area_id"
    theirs = _named(f"/{fleet.data.plain.stem}.json?sql={sql}", "i={v}", names)
    contenders = [*ours(fleet.forgetful, own, averages_facts, names)]
    contenders.append(Contender("Datasette", fleet.datasette, theirs, averages_facts))
    return Work("W6", "average by region of one indicator", contenders, _against_peers(2.5, tutorial=False))


def many(fleet: Fleet, limit: Server) -> Work:  # noqa: ARG001
    """W1 at 64 connections beside 16."""
    contenders, claims = [], []
    for kind, query in (("asked before", W1), ("never asked before", W1_ANEW)):
        for connections in (16, 64):
            for contender in ours(fleet.ours, f"/v1/urban-villages?{query}", page_facts):
                contender.name = f"{contender.name}, {kind}, {connections} connections"
                contender.questions.asked = connections * 10**7
                contender.connections = connections
                contenders.append(contender)
        for name in fleet.ours:
            start = f"ours, {name}, {kind}"
            claims.append(Claim(f"{start}, 64 connections", f"{start}, 16 connections", Bar(at_least=0.85)))
    return Work("W1", "page of 20, many connections", contenders, claims)


WORKS: Mapping[str, Callable[[Fleet, Server], Work]] = {
    "W1": page,
    "W2": item,
    "W3": series,
    "W4": deep,
    "W6": averages,
    "64": many,
}
