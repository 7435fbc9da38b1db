"""The page for people that shows the rows of W1: asked before beside the limit, new beside its own JSON."""

from tests.bench.drive import Questions
from tests.bench.fleet import Fleet
from tests.bench.page import W1, W1_ANEW
from tests.bench.report import Bar
from tests.bench.servers import Server
from tests.bench.terms import Claim, Contender, Work, ours

PATH = "/urban-villages"


def known_page(fleet: Fleet, limit: Server) -> Work:
    """A page from memory."""
    contenders = [*ours(fleet.ours, f"{PATH}?{W1}", None), Contender("L1", limit, Questions(f"/page?{W1}"))]
    claims = [Claim(f"ours, {kind}", "L1", Bar(at_least=0.85)) for kind in fleet.ours]
    return Work("page", "page for people, asked before", contenders, claims)


def new_page(fleet: Fleet, limit: Server) -> Work:  # noqa: ARG001
    """A page with another filter value in each request, and the JSON of the same rows."""
    pages, answers = ours(fleet.ours, f"{PATH}?{W1_ANEW}", None), ours(fleet.ours, f"/v1{PATH}?{W1_ANEW}", None)
    for contender in answers:
        contender.name += ", JSON"
    claims = [Claim(f"ours, {kind}", f"ours, {kind}, JSON", Bar(at_least=1 / 2.5)) for kind in fleet.ours]
    return Work("page-new", "page for people, never asked before", [*pages, *answers], claims)
