"""Every address of `/openapi.json` with real ids, in every format and by every `Accept`, and those beside it."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from tests.support.answers.sampling import Known, Plan, address

MEDIA_TYPES = (
    "application/json",
    "text/csv",
    "application/x-ndjson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.apache.parquet",
    "application/atom+xml",
    "application/feed+json",
    "application/x-bibtex",
    "application/x-research-info-systems",
    "application/vnd.citationstyles.csl+json",
    "application/akn+xml",
    "application/ld+json",
    "text/turtle",
    "application/rdf+xml",
    "text/html",
    "application/xml",
)
"""What a client may name; an address that does not offer it answers a refusal, which is an answer too."""
LIKINGS = (
    "*/*",
    "application/*",
    "text/*",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "text/csv;q=0.5, application/json;q=0.4",
    "application/json;q=0.1, text/csv;q=0.9",
    "application/json;q=0",
    "text/csv;q=0, */*",
    "application/json;q=2, text/csv;q=1",
    "application/json;q=high, text/csv",
    "APPLICATION/JSON",
    "application/json; charset=utf-8",
    "image/png",
    "nonsense",
    ",",
    "application/json," * 100 + "text/csv",
)
LIKED_BY = ("/v1/observations", "/v1/documents", "/v1/areas", "/v1", "/v1/areas/schema", "/", "/catalog", "/v1/search")
"""Addresses whose `Accept` is tried in all variants."""
BESIDE = (
    "/docs",
    "/docs/assets/swagger-ui.css",
    "/docs/assets/favicon.png",
    "/docs/assets/none.js",
    "/openapi.json",
    "/sitemap-1.xml",
    "/sitemap-2.xml",
    "/sitemap-0.xml",
    "/sitemap-x.xml",
    "/favicon.ico",
)
"""Addresses that the OpenAPI document does not hold."""
DAYS = ("2021-06-20", "2021-01-01", "2030-01-01")
WHOLE_ROW = "{id}"


def add_addresses(plan: Plan) -> None:
    """Every address, twice and as HEAD; a row by its id once more, for only then it comes from memory."""
    for path in paths(plan.known):
        for target in filled(plan.known, path):
            plan.ask_thoroughly(target, times=3 if path.endswith(WHOLE_ROW) else 2)
    for target in BESIDE:
        plan.ask_thoroughly(target)


def paths(known: Known) -> Iterator[str]:
    """The paths of the document. Those that stand for all datasets or formats are written out."""
    for path, operations in known.openapi["paths"].items():
        written = [path]
        for parameter in parameters(known, operations["get"]):
            if parameter["in"] == "path" and parameter["name"] in ("dataset", "format"):
                name, values = f"{{{parameter['name']}}}", parameter["schema"]["enum"]
                written = [each.replace(name, value) for each in written for value in values]
        yield from written


def parameters(known: Known, operation: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The parameters of an operation, and the components that it refers to."""
    shared = known.openapi["components"].get("parameters", {})
    for parameter in operation.get("parameters", ()):
        yield shared[parameter["$ref"].rpartition("/")[2]] if "$ref" in parameter else parameter


def filled(known: Known, path: str) -> Iterator[str]:
    """The address of a path with real ids; paths whose parts are no ids are asked for elsewhere."""
    if "{" not in path:
        yield path
    elif path.startswith("/v1/"):
        dataset = path.split("/")[2].partition(".")[0]
        for key in known.ids(dataset):
            yield path.replace(WHOLE_ROW, quote(key, safe=""))


def add_accepted(plan: Plan) -> None:
    """Collections, rows and groups by `Accept`."""
    known = plan.known
    for dataset in known.datasets:
        keys = known.ids(dataset)
        for target in (f"/v1/{dataset}", f"/v1/{dataset}/{quote(keys[0], safe='')}"):
            for media_type in MEDIA_TYPES:
                plan.ask(target, {"Accept": media_type})
    for target in LIKED_BY:
        for liking in (*LIKINGS, *MEDIA_TYPES):
            plan.ask(target, {"Accept": liking})
            plan.ask(target, {"Accept": liking}, method="HEAD")


def add_parameters(plan: Plan) -> None:
    """Every parameter of every address that is no filter, with each of its values, and the example of each."""
    for path, operations in plan.known.openapi["paths"].items():
        if path.startswith("/sdmx") or "{dataset}" in path or "{format}" in path:
            continue
        target = next(filled(plan.known, path), None)
        for parameter in parameters(plan.known, operations["get"]):
            name = parameter["name"]
            if target is None or parameter["in"] != "query" or "__" in name:
                continue
            for value in _values(parameter):
                plan.ask(f"{target}?{address('', **{name: value}).removeprefix('?')}")


def _values(parameter: Mapping[str, Any]) -> tuple[str, ...]:
    schema = parameter.get("schema", {})
    kind = schema.get("type")
    values = [str(value) for value in schema.get("enum", ())[:4] if value is not None]
    values += [value for value in DAYS if schema.get("format") == "date"]
    values += ["true", "false"] if kind == "boolean" else []
    values += ["3", "0", "-1"] if kind == "integer" else []
    if isinstance(example := parameter.get("example"), str | int) and not isinstance(example, bool):
        values.append(str(example))
    return tuple(dict.fromkeys(values))


def add_rows_in_formats(plan: Plan) -> None:
    """Whole tables and rows with the parameters that formats have."""
    for dataset in plan.known.datasets:
        names = [field.name for field in plan.known.fields[dataset]]
        some = ",".join((*names[1:4], "id", "source.page_from"))
        for suffix in (".csv", ".ndjson", ".xlsx", ".parquet"):
            plan.ask(address(f"/v1/{dataset}{suffix}", fields=some, limit="7", offset="2"))
            plan.ask(address(f"/v1/{dataset}{suffix}", sort=f"-{names[1]},id", limit="5"))
        plan.ask(address(f"/v1/{dataset}.csv", lang="zh", bom="true"))
        plan.ask(address(f"/v1/{dataset}.xlsx", lang="zh"))
        plan.ask(address(f"/v1/{dataset}.ndjson", q="温州", limit="5"))
        for suffix in (".atom", ".feed.json"):
            plan.ask(address(f"/v1/{dataset}{suffix}", limit="3"))
            plan.ask(address(f"/v1/{dataset}{suffix}", sort=names[0], limit="2", offset="1"))
            plan.ask(address(f"/v1/{dataset}{suffix}", q="温州"))
        key = quote(plan.known.ids(dataset)[0], safe="")
        for suffix in ("", ".csv", ".ndjson", ".xlsx", ".parquet", ".bib", ".xml", ".none"):
            plan.ask(f"/v1/{dataset}/{key}{suffix}?fields=id,source.page_from")
            plan.ask(f"/v1/{dataset}/{key}{suffix}?limit=1")
