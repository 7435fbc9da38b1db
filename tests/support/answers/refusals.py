"""Requests that are refused: unknown names, bad values, broken addresses, methods that nobody takes."""

from urllib.parse import quote

from tests.support.answers.sampling import Plan, address

NOWHERE = (
    "/nothing",
    "/v1/",
    "/v2",
    "/v1/urban-village",
    "/v1/urban_villages",
    "/v1/doc",
    "/v1/zzzzzzzz",
    "/v1/urban-villages/",
    "/v1/urban-villages/none",
    "/v1/urban-villages.xml",
    "/v1/urban-villages.cvs",
    "/v1/urban-villages.",
    "/v1/urban-villages.csv/",
    "/v1/urban-villages/schema/",
    "/v1/urban-villages/schema/x",
    "/v1/urban-villages/facets.csv",
    "/v1/urban-villages/lucheng-01/x",
    "/v1/urban-villages/.csv",
    "/v1//urban-villages",
    "//v1/urban-villages",
    "/V1/urban-villages",
    "/v1/Urban-Villages",
    "/v1/schema",
    "/v1/facets",
    "/v1/search/x",
    "/v1/search.csv",
    "/v1/indicators/series",
    "/v1.csv",
    "/healthz/",
    "/readyz/",
    "/docs/",
    "/openapi.json/",
    "/openapi.yaml",
    "/catalog.xml",
    "/catalog/",
    "/.well-known/",
    "/docs/assets/../../../etc/passwd",
    "/docs/assets/%2e%2e/%2e%2e/x",
    "/v1/documents/" + quote("温政办〔2021〕99号", safe=""),
    "/v1/documents/" + quote("温政办[2021]28号", safe=""),
    "/v1/documents/" + "x" * 3000,
)
BROKEN = (
    "/v1/documents/a%00b",
    "/v1/documents/%FF",
    "/v1/documents/%E4%BD",
    "/v1/documents/%zz",
    "/v1/documents/%",
    "/v1/documents/%2",
    "/%zz",
    "/v1/documents/%2F",
    "/v1/documents/a%2Fb",
    "/v1/documents/a%0D%0Ab",
    "/v1/documents/..",
    "/v1/documents/%C0%AF",
    "/v1/documents/%ED%A0%80",
    "/v1/documents?title=%00",
    "/v1/documents?title=%FF",
    "/v1/documents?title=%E4%BD",
    "/v1/documents?title=%zz",
    "/v1/documents?title=%",
    "/v1/documents?%zz=1",
    "/v1/documents?%00=1",
    "/v1/documents?title=a+b",
    "/v1/documents?title=a%2Bb",
    "/v1/documents?",
    "/v1/documents?&",
    "/v1/documents?&&limit=2&",
    "/v1/documents?=",
    "/v1/documents?=x",
    "/v1/documents?limit",
    "/v1/documents?limit=2&limit=2",
    "/v1/documents?limit=2&offset=1&limit=3&offset=1",
    "/v1/documents?limit=2;offset=1",
    "/v1/documents?title[]=x",
    "/v1/documents?title__=x",
    "/v1/documents?__eq=x",
    "/v1/documents?title__eq=x",
    "/v1/documents?title__EQ=x",
    "/v1/documents?title__ne__in=x",
    "/v1/documents?source.page_from=2",
    "/v1/documents?limit=2?offset=1",
    "/v1/documents?limit=2#part",
    "/v1/documents?x=<script>alert(1)</script>",
    "/v1/documents?title='",
    "/v1/documents?titel=x",
    "/v1/documents?title__contain=x",
    "/v1/documents?documenttype=notice",
    "/v1/documents?Limit=2",
    "/v1/documents?document_type=Notice",
    "/v1/documents?filter=title",
    "/v1/documents?sort=titel",
    "/v1/documents?fields=titel",
    "/v1/documents?count=no",
    "/v1/documents?lang=zh",
    "/v1/documents?bom=true",
    "/v1/documents.csv?cursor=x",
    "/v1/documents.csv?bom=yes",
    "/v1/documents.xlsx?bom=true",
    "/v1/documents.csv?lang=de",
    "/v1/documents.xyz?limit=2",
)
PARAMETERLESS = (
    "/healthz",
    "/readyz",
    "/openapi.json",
    "/docs",
    "/v1",
    "/v1/areas/schema",
    "/v1/areas/queryables",
    "/",
)
METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
ADDRESSED = (
    "/",
    "/v1",
    "/v1/areas",
    "/v1/areas.csv",
    "/v1/areas/330300",
    "/v1/search",
    "/nothing",
    "/docs",
    "/healthz",
)
LONG = (8100, 8192, 8193, 9000, 20_000, 60_000)


def add_addresses_nowhere(plan: Plan) -> None:
    """Addresses of nothing, with the nearest hints, as what a browser and a program ask for."""
    for target in (*NOWHERE, *BROKEN):
        plan.ask_thoroughly(target)
        plan.ask(target, {"Accept": "text/html"})
        plan.ask(target, {"Accept-Encoding": "gzip"})
    for target in PARAMETERLESS:
        for query in ("x=1", "limit=1", "?", "", "%zz", "x=1&y=2", "%E4%BD%A0=1"):
            plan.ask(f"{target}?{query}")
    for dataset in plan.known.datasets:
        for word in (dataset[:-1], dataset.upper(), f"{dataset}x", dataset[1:]):
            plan.ask(f"/v1/{word}")
        key = plan.known.ids(dataset)[0]
        for word in (f"{key}x", key[:-1] or "x", key.upper()):
            plan.ask(f"/v1/{dataset}/{quote(word, safe='')}")
            plan.ask(f"/v1/{dataset}/{quote(word, safe='')}.csv")
            plan.ask(f"/v1/{dataset}/{quote(word, safe='')}.bib")
        for word in ("facet", "agregate", "queryable", "schemas", "serie"):
            plan.ask(f"/v1/{dataset}/{word}")


def add_bounds(plan: Plan) -> None:
    """What is bounded: bytes of the address, parameters, filters, keys, values."""
    for length in LONG:
        for start in ("/v1/areas?name_zh=", "/v1/areas/", "/sdmx/2.1/data/", "/nothing/"):
            target = start + "x" * (length - len(start))
            plan.ask(target)
            plan.ask(target, method="HEAD")
    many = {
        "parameters": "&".join(f"p{number}=1" for number in range(101)),
        "filters": "&".join(f"name_zh__ne={number}" for number in range(33)),
        "distinct filters": "&".join(
            f"{name}__{op}=1"
            for name in ("id", "code", "name_zh", "name_en")
            for op in ("eq", "ne", "gt", "gte", "lt", "lte", "contains", "startswith", "in")
        ),
        "keys": "sort=" + ",".join(field.name for field in plan.known.fields["areas"]),
        "values": "id__in=" + ",".join(map(str, range(200))),
        "values too many": "id__in=" + ",".join(map(str, range(201))),
        "fields": "fields=" + ",".join(["id"] * 300),
    }
    for query in many.values():
        plan.ask(f"/v1/areas?{query}")
        plan.ask(f"/v1/areas.csv?{query}")
    plan.ask("/v1/areas/facets?by=id,code,level,parent_id,name_zh")
    plan.ask(address("/v1/areas/aggregate", by="level", metric=",".join(["count"] * 17)))
    plan.ask(address("/v1/areas", filter="id = '1' AND " * 300 + "id = '1'"))
    plan.ask(address("/v1/areas", filter="NOT " * 33 + "id = '1'"))
    plan.ask(address("/v1/areas", filter="id = '" + "x" * 4100 + "'"))


def add_methods(plan: Plan) -> None:
    """Methods that write, with and without a body, and preflights."""
    for target in ADDRESSED:
        for method in METHODS:
            plan.ask(target, method=method)
        plan.ask(target, {"Content-Type": "application/json"}, method="POST", content='{"id": "x"}')
        preflight = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
        plan.ask(target, {**preflight, "Access-Control-Request-Headers": "x-request-id, range"}, method="OPTIONS")
        plan.ask(target, {**preflight, "Access-Control-Request-Method": "DELETE"}, method="OPTIONS")
        plan.ask(target, {"Origin": "https://example.org"})
        plan.ask(target, {"Origin": "null"}, method="HEAD")
