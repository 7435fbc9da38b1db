"""What HTTP has beside the address: conditions, codings, parts, header fields, connections, broken requests."""

from tests.support.answers.sampling import Plan
from tests.support.answers.wire import HOST

KEPT = (
    "/v1/areas?limit=3",
    "/v1/areas/330300",
    "/v1/documents?limit=2",
    "/v1/documents/wenzhengban-2021-28",
    "/v1/areas/schema",
    "/v1/areas/facets?by=level",
    "/v1/search?q=oh",
    "/v1",
    "/",
    "/v1/areas.csv",
    "/v1/areas.xlsx",
    "/v1/documents.parquet",
    "/v1/areas.atom",
    "/catalog.ttl",
    "/sdmx/2.1/data/INDICATORS",
    "/v1/observations.jsonstat",
    "/v1/indicators/cpi/series",
    "/v1/documents/wenzhengban-2021-28.xml",
    "/openapi.json",
    "/docs",
    "/healthz",
    "/readyz",
    "/robots.txt",
    "/v1/areas/none",
    "/v1/areas?none=1",
    "/nothing",
)
"""Addresses of every way to an answer, and some that are refused."""
PAST, FUTURE = "Sun, 01 Nov 2020 00:00:00 GMT", "Fri, 01 Nov 2030 00:00:00 GMT"
CONDITIONS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("If-None-Match", "{etag}"),),
    (("If-None-Match", "W/{etag}"),),
    (("If-None-Match", '"other"'),),
    (("If-None-Match", '"other", {etag}'),),
    (("If-None-Match", '"other",W/{etag} , "third"'),),
    (("If-None-Match", "*"),),
    (("If-None-Match", ""),),
    (("If-None-Match", "unquoted"),),
    (("If-None-Match", '"other"'), ("If-None-Match", "{etag}")),
    (("If-Modified-Since", "{modified}"),),
    (("If-Modified-Since", PAST),),
    (("If-Modified-Since", FUTURE),),
    (("If-Modified-Since", "Sunday, 01-Nov-30 00:00:00 GMT"),),
    (("If-Modified-Since", "Fri Nov  1 00:00:00 2030"),),
    (("If-Modified-Since", "yesterday"),),
    (("If-None-Match", '"other"'), ("If-Modified-Since", FUTURE)),
    (("If-None-Match", "{etag}"), ("If-Modified-Since", PAST)),
    (("If-Match", "{etag}"),),
    (("If-Match", "W/{etag}"),),
    (("If-Match", '"other"'),),
    (("If-Match", '"other", {etag}'),),
    (("If-Match", "*"),),
    (("If-Unmodified-Since", "{modified}"),),
    (("If-Unmodified-Since", PAST),),
    (("If-Unmodified-Since", FUTURE),),
    (("If-Unmodified-Since", "never"),),
    (("If-Match", "{etag}"), ("If-None-Match", "{etag}")),
    (("If-Match", '"other"'), ("If-None-Match", "{etag}")),
    (("If-Match", "{etag}"), ("If-Unmodified-Since", PAST)),
)
CODINGS = (
    "gzip",
    "br",
    "zstd",
    "identity",
    "*",
    "x-gzip",
    "deflate",
    "gzip, br, zstd",
    "gzip;q=1.0, br;q=0.5",
    "br;q=0, gzip",
    "zstd;q=0, *",
    "identity;q=0",
    "*;q=0",
    "identity;q=0, gzip;q=0.1",
    "identity;q=0, deflate",
    "gzip;q=0, identity",
    "identity;q=1, gzip;q=0.5",
    "*;q=0, gzip",
    "GZIP",
    "gzip;q=high",
    "",
    ",",
)
EXPORTS = (
    "/v1/areas.csv",
    "/v1/areas.xlsx",
    "/v1/areas.parquet",
    "/v1/areas.ndjson",
    "/v1/areas/330300.csv",
    "/v1/areas",
)
PARTS = (
    "bytes=0-9",
    "bytes=10-",
    "bytes=-10",
    "bytes=0-",
    "bytes=0-99999999",
    "bytes=99999999-",
    "bytes=99999999-999999999",
    "bytes=-0",
    "bytes=-99999999",
    "bytes=9-0",
    "bytes=0-1,5-6",
    "bytes=",
    "bytes=-",
    "bytes=a-b",
    "BYTES=0-9",
    "bytes = 0-9",
    "rows=0-9",
    "bytes=0-9999999999999999999",
)
IDENTITIES = (
    "abc-1",
    "A.b:c/d+e=f_g-1",
    "x" * 128,
    "x" * 129,
    "a b",
    "<script>",
    "",
    "你".encode().decode("latin-1"),
    "a,b",
)
ONE_LINERS = ("/v1/areas?limit=2", "/healthz", "/v1/areas.csv?limit=2", "/nothing", "/")
GET = f"GET /v1/areas?limit=2 HTTP/1.1\r\nHost: {HOST}\r\n\r\n"
LAST = f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n"
CHINESE = "温州".encode().decode("latin-1")
RAW = (
    "NONSENSE\r\n\r\n",
    f"\r\n\r\n{GET}",
    "GET\r\n\r\n",
    "GET /v1/areas\r\n\r\n",
    "GET /v1/areas HTTP/9.9\r\n\r\n",
    "GET /v1/areas HTTP/2.0\r\nHost: x\r\n\r\n",
    f"GET /v1/areas?name_zh={CHINESE} HTTP/1.1\r\nHost: x\r\n\r\n",
    f"GET /v1/{CHINESE} HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /v1/areas?q=a b HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /v1/areas?limit=2#x HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET http://gazette.example/v1/areas?limit=2 HTTP/1.1\r\nHost: other.example\r\n\r\n",
    "GET //v1/areas HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET v1/areas HTTP/1.1\r\nHost: x\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /v1/areas?limit=2 HTTP/1.1\r\n\r\n",
    "GET /v1/areas?limit=2 HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "GET /v1/areas?limit=2 HTTP/1.1\r\nHost x\r\n\r\n",
    "GET /v1/areas?limit=2 HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n",
    "GET /v1/areas?limit=2 HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n",
    "GET /v1/areas?limit=2 HTTP/1.1\nHost: x\n\n",
    "GET /v1/areas?limit=2 HTTP/1.1\r\nHost: x\r\nX-Folded: a\r\n b\r\n\r\n",
    "get /v1/areas?limit=2 HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /v1/areas?limit=2 HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
    "GET /v1/areas?limit=2 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    "GET /v1/areas?limit=2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
    "GET /v1/areas?limit=2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "POST /v1/areas HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "GET /v1/areas?limit=2 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    "GET /v1/areas?limit=2 HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n",
    f"GET /{'x' * 70_000} HTTP/1.1\r\nHost: x\r\n\r\n",
    f"GET /v1/areas?limit=2 HTTP/1.1\r\nHost: x\r\nX-Long: {'y' * 20_000}\r\n\r\n",
    "CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n",
)


def add_conditions(plan: Plan) -> None:
    """Conditional requests with the validators that the answer before told, plain and coded."""
    for target in KEPT:
        for coding in ("", "gzip"):
            coded = (("Accept-Encoding", coding),) if coding else ()
            place = plan.ask(target, coded)
            for condition in CONDITIONS if not coding else CONDITIONS[:12]:
                plan.ask(target, (*coded, *condition), validators_of=place)
            for condition in (CONDITIONS[0], CONDITIONS[9], CONDITIONS[19]):
                plan.ask(target, (*coded, *condition), method="HEAD", validators_of=place)
        place = plan.ask(target, {"Accept-Encoding": "br"})
        plan.ask(target, {"Accept-Encoding": "zstd", "If-None-Match": "{etag}"}, validators_of=place)
        plan.ask(target, {"If-None-Match": "{etag}"}, validators_of=place)


def add_codings(plan: Plan) -> None:
    """Content codings, twice each: the second may come from memory."""
    for target in KEPT:
        for coding in CODINGS:
            for method in ("GET", "GET", "HEAD"):
                plan.ask(target, {"Accept-Encoding": coding}, method=method)


def add_parts(plan: Plan) -> None:
    """Parts of exports, under conditions and in codings."""
    for target in EXPORTS:
        place = plan.ask(target)
        for part in PARTS:
            plan.ask(target, {"Range": part})
            plan.ask(target, {"Range": part, "Accept-Encoding": "gzip"})
            plan.ask(target, {"Range": part}, method="HEAD")
        for held in ("{etag}", "W/{etag}", '"other"', "{modified}", PAST, FUTURE, "*"):
            plan.ask(target, {"Range": "bytes=0-9", "If-Range": held}, validators_of=place)
        for name in ("If-None-Match", "If-Match"):
            for tag in ("{etag}", '"other"'):
                plan.ask(target, {"Range": "bytes=0-9", name: tag}, validators_of=place)


def add_fields(plan: Plan) -> None:
    """Request ids, header fields that came twice, and those that must change nothing."""
    for target in ONE_LINERS:
        for identity in IDENTITIES:
            plan.ask(target, {"X-Request-ID": identity})
        plan.ask(target, {"X-Request-ID": "head-1"}, method="HEAD")
        plan.ask(target, {"X-Request-ID": "post-1"}, method="POST")
        plan.ask(target, (("X-Request-ID", "one"), ("X-Request-ID", "two")))
        plan.ask(target, (("Accept", "text/csv"), ("Accept", "application/json")))
        plan.ask(target, (("Accept", "image/png"), ("Accept", "text/csv;q=0.5")))
        plan.ask(target, (("Accept-Encoding", "br;q=0"), ("Accept-Encoding", "gzip")))
        for headers in (
            {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"},
            {"Authorization": "Basic eDp5", "Cookie": "a=b"},
            {"Cache-Control": "no-cache", "Pragma": "no-cache"},
            {"Accept-Language": "zh-CN,zh;q=0.9"},
            {"X-HTTP-Method-Override": "DELETE"},
            {"Expect": "nothing"},
        ):
            plan.ask(target, headers)


def add_connections(plan: Plan) -> None:
    """Older versions of HTTP, connections that end, requests in one piece, and what is no request."""
    for target in ONE_LINERS:
        for version in ("1.0", "1.1"):
            for connection in ("close", "keep-alive", "Close", "foo"):
                plan.ask(target, {"Connection": connection}, version=version, alone=True)
            plan.ask(target, {"Connection": "close"}, method="HEAD", version=version, alone=True)
        plan.ask(target, version="1.0", alone=True)
        plan.ask(target, {"Accept-Encoding": "gzip"}, version="1.0", alone=True)
    for target in ("/v1/areas", "/nothing"):
        plan.ask(target, {"Expect": "100-continue"}, method="POST", content="abc", alone=True)
    for text in RAW:
        plan.ask_raw(text)
    plan.ask_raw(GET * 3 + LAST, answers=4)
    plan.ask_raw(GET * 20 + LAST, answers=21)
    mixed = "".join(f"GET {target} HTTP/1.1\r\nHost: {HOST}\r\n\r\n" for target in KEPT[:18])
    plan.ask_raw(mixed + LAST, answers=19)
    plan.ask_raw(GET + "NONSENSE\r\n\r\n", answers=3)
    plan.ask_raw(LAST + GET, answers=3)
    plan.ask_raw(GET.replace("GET", "POST", 1) + GET + LAST, answers=3)
