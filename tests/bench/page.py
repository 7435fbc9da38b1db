"""W1, a filtered and sorted page of 20 with its total: asked before, known to the client, new, on many connections."""

from tests.bench.drive import Questions, ask
from tests.bench.fleet import Fleet
from tests.bench.report import Bar
from tests.bench.servers import Server
from tests.bench.terms import PLAIN, TUTORIAL, Claim, Contender, Work, against_peers, named, ours, page_facts

W1 = "plan=demolition&sort=-year_from,number&limit=20"
W1_ANEW = "plan=demolition&street__ne=x{n}&sort=-year_from,number&limit=20"


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


def etag(server: Server) -> str:
    """The validator of the page of W1."""
    headers = dict(ask(server, f"/v1/urban-villages?{W1}").headers)
    return headers["etag"]


def page(fleet: Fleet, limit: Server) -> Work:
    """W1, each request another filter value."""
    base = f"/{fleet.data.plain.stem}/urban_villages.json?plan=demolition&street__not=x{{n}}"
    rest = "_sort_desc=year_from&_size=20"
    peers = [
        Contender("L1", limit, Questions(f"/w1?{W1_ANEW}"), page_facts),
        Contender("Datasette", fleet.datasette, named(base, rest), page_facts),
        Contender(PLAIN, fleet.datasette_plain, named(base, rest), page_facts),
        Contender(TUTORIAL, fleet.tutorial, Questions("/villages?plan=demolition&street_ne=x{n}&limit=20"), page_facts),
    ]
    claims = [
        Claim("ours, SQLite", "L1", Bar(at_least=0.20)),
        Claim("ours, Postgres", "L1", Bar(at_least=0.14)),
        *against_peers(25, PLAIN, TUTORIAL),
    ]
    contenders = [*ours(fleet.ours, f"/v1/urban-villages?{W1_ANEW}", page_facts), *peers]
    return Work("W1", "page of 20, never asked before", contenders, claims)


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
