"""Examples for the OpenAPI document: what the service answers about one row of the bundled issue.

A row of each dataset is read from the bundled package, so that nothing is written twice; the suite asks the
service for each example and compares. Of formats that JSON cannot hold, or that are long, an example tells how
an answer begins.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from app.api.endpoints import series
from app.api.endpoints.queryables import SCHEMA_JSON
from app.api.endpoints.search import title_of
from app.api.links import page_links
from app.api.routers.catalog import EACH, JSON_LD, WHOLE
from app.api.routers.citations import WRITERS
from app.api.schemas import groups
from app.datasets import DATASETS
from app.http.result import JSON
from app.ingest.package_reader import read_package
from app.ingest.seed import SEED, read_editorial
from app.model.dataset import Dataset
from app.model.dictionary import dictionary
from app.model.rows import Record, from_json, render, to_json
from app.query.group_table import label
from app.query.page import Page
from app.query.params.controls import DEFAULT_LIMIT
from app.query.params.dataset_query import PAGE, read_ask
from app.query.params.grouping import groupable
from app.renderers.catalog.catalogue import Catalogue, Entry, Licence, imprint_of
from app.renderers.citations.citation import cite
from app.renderers.feeds.feed import Feed, Link, identifier
from app.renderers.feeds.json_feed import write_json_feed
from app.renderers.representations import CITATIONS, FEEDS
from app.renderers.sdmx.jsonstat import Cube, jsonstat
from app.renderers.site.dataset_entry import entry
from app.renderers.site.linkset import API_CATALOG, LINKSET, api_catalog, landing
from app.renderers.site.sitemap import SITEMAP, Located, robots, urls
from app.renderers.tabular.formats import FORMATS, Plan
from app.renderers.tabular.writers import TEXT_WRITERS
from app.renderers.urls import absolute
from app.settings import Settings

Example = dict[str, Any]
MOST = 2
LINTED = re.compile("get|delete")
Examples = dict[str, dict[str, Example]]
"""An example by the path of its operation and its media type."""
REVISION = "3f2a9c51d0b84e67a1c5e8f0926b7d34"
"""Stands for the digest of the data, which every load changes."""


@cache
def bundled() -> Mapping[str, Record]:
    """One row of each dataset as it is served, by the dataset's name, of the first bundled issue that has any."""
    editorial = read_editorial()
    rows: dict[str, Record] = {}
    for directory in sorted(path.parent for path in SEED.glob("*/datapackage.json")):
        package = read_package(directory)
        for name, table in package.tables.items():
            for key, row in islice(table.rows.items(), 0 if name in rows else 1):
                rows[name] = _whole(DATASETS[name], row | editorial.get(name, {}).get(key, {}))
        if "changes" not in rows:
            rows["changes"] = _arrival(rows["issues"]["id"], package.created)
        if len(rows) == len(DATASETS):
            break
    # A load counts what is declared.
    if "checks" in rows:
        rows["checks"] |= {"counted": rows["checks"]["declared"], "status": "pass"}
    return {name: rows[name] for name in DATASETS if name in rows}


def _arrival(issue_id: str, day: date) -> Record:
    """What the first load of an issue logs."""
    logged = {"at": day, "dataset": "issues", "row_id": issue_id, "kind": "added", "cause": "source"}
    return _whole(DATASETS["changes"], {"id": "1", **logged, "changed": [], "source": None})


def _whole(dataset: Dataset, row: Record) -> Record:
    """A row with all its members, those that a perspective computes among them."""
    return from_json(render(dataset, row | _computed(dataset, row))[0])


def _computed(dataset: Dataset, row: Record) -> Record:
    """The computed fields on the day when the row's issue was published, by the expressions that queries use."""
    perspective = dataset.perspective
    if perspective is None or perspective.today is None:
        return {}
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    columns = perspective.scope({}).computed
    values = {spec.name: row.get(spec.name) for spec in dataset.stored}
    unseen = {"row_json": "", "row_csv": "", "row_line": 0}
    with engine.begin() as connection:
        dataset.table.create(connection)
        connection.execute(sa.insert(dataset.table).values(values | unseen))
        select = sa.select(*(column.label(name) for name, column in columns.items())).select_from(dataset.table)
        found = connection.execute(select, {perspective.today: row["published_on"]}).mappings().one()
    engine.dispose()
    return dict(found)


def examples(base: str = "") -> Examples:
    """Every example there is; `base` is the public base, empty when it is unset."""
    found: Examples = {"/v1": {JSON: _value({"data": [entry(DATASETS["issues"], base, 1)]})}}
    catalogue = _catalogue(base)
    for path, (_, media_type, whole, _) in WHOLE.items():
        found[path] = {media_type: _value(shortened(whole(catalogue)))}
    linked = {JSON_LD: _value({"@context": {"dcat": "http://www.w3.org/ns/dcat#"}, "@graph": []})}
    found["/catalog"] = found["/catalog.jsonld"] = linked
    found["/"] = {JSON: _value(shortened(landing((), catalogue, {"issues": 1, "documents": 5})))}
    found[API_CATALOG] = {LINKSET: _value(api_catalog((), DATASETS, base))}
    for name, row in bundled().items():
        found |= _of(DATASETS[name], row, base)
    found["/healthz"] = {JSON: _value({"status": "ok"})}
    found["/readyz"] = {JSON: _value({"status": "ok", "revision": REVISION})}
    found["/robots.txt"] = {"text/plain": _value(robots(base))}
    found[SITEMAP] = {"application/xml": _value(urls(base, [Located("/v1/issues/2021-05", "2021-06-20")]))}
    found["/v1/observations.jsonstat"] = {JSON: _value(json.loads(_cube(base)))}
    found["/v1/search"] = {JSON: _value(_search(base))}
    found["/v1/indicators/{id}/series"] = {JSON: _value(_series())}
    return found


def shortened(value: Any) -> Any:
    """A value whose long lists are cut: an example shows of each kind one or two."""
    if isinstance(value, dict):
        return {name: shortened(member) for name, member in value.items()}
    return [shortened(member) for member in value[:MOST]] if isinstance(value, list) else value


def _catalogue(base: str) -> Catalogue:
    """The catalogue as it is before any data is loaded, unless an operator says otherwise."""
    said = Settings()
    licence = Licence(said.licence_zh, said.licence, said.licence_url)
    imprint, entries = imprint_of(bundled()["issues"]), tuple(map(Entry, DATASETS.values()))
    return Catalogue(base, said.catalogue_title_zh, said.catalogue_title, licence, imprint, REVISION, entries)


def _of(dataset: Dataset, row: Record, base: str) -> Examples:
    """The examples of one dataset's addresses."""
    path = f"/v1/{dataset.name}"
    lines = {form.media_type: _text(dataset, row, form.name) for form in FORMATS.values() if form.name in TEXT_WRITERS}
    feed = {FEEDS["feed"].media_type: _value(_feed(dataset, base))}
    cited = {offer.media_type: _cited(dataset, row, offer.name, base) for offer in CITATIONS.values()}
    described = {"dataset": dataset.name, "fields": dictionary(dataset)[:2]}
    queryables = groups.queryables_schema(dataset, f"{base}{path}/queryables")
    queryables["properties"] = dict(list(queryables["properties"].items())[:2])
    found: Examples = {
        path: {JSON: _value(page_of(dataset, row, base))},
        f"{path}/{{id}}": {JSON: _value(row)},
        f"{path}/schema": {JSON: _value(described)},
        f"{path}/queryables": {SCHEMA_JSON: _value(queryables)},
        **_counted(dataset, row),
    }
    for form in FORMATS.values():
        found[f"{path}{form.suffix}"] = found[f"{path}/{{id}}{form.suffix}"] = lines
    for offer in CITATIONS.values():
        found[f"{path}/{{id}}{offer.suffix}"] = cited
    catalogue = _catalogue(base)
    own = next(entry for entry in catalogue.entries if entry.dataset is dataset)
    for suffix, (_, media_type, each, _) in EACH.items():
        found[f"{path}{suffix}"] = {media_type: _value(shortened(each(catalogue, own)))}
    found[f"{path}{FEEDS['feed'].suffix}"] = feed
    return found


def _value(value: Any) -> Example:
    """An example in the types of JSON."""
    return {"value": _told(json.loads(to_json(value)))}


def _told(value: Any) -> Any:
    """A value without the nulls that a linter cannot bear.

    The Dutch ruleset looks for operations by `get` and `delete` within names, and fails on a `target_id` of null.
    """
    if isinstance(value, dict):
        kept = ((name, member) for name, member in value.items() if member is not None or not LINTED.search(name))
        return {name: _told(member) for name, member in kept}
    return [_told(member) for member in value] if isinstance(value, list) else value


def _text(dataset: Dataset, row: Record, form: str) -> Example:
    """A row as lines of CSV or NDJSON."""
    writer = TEXT_WRITERS[form](Plan(dataset))
    row_json, row_csv = render(dataset, row)
    rendered = row_csv if writer.form == "row_csv" else row_json
    return _value((writer.head() + writer.piece([rendered.encode()])).decode())


def _feed(dataset: Dataset, base: str) -> Record:
    """A JSON Feed of a question that finds nothing."""
    url = absolute(base, f"/v1/{dataset.name}")
    own = Link("self", f"{url}{FEEDS['feed'].suffix}", FEEDS["feed"].media_type)
    author = Settings().catalogue_title_zh if dataset.provenance else bundled()["issues"]["publisher"]
    name = identifier(dataset.name, "")
    feed = Feed(
        name, dataset.title_zh, dataset.description_zh, bundled()["issues"]["published_on"], author, url, [own], []
    )
    return from_json(write_json_feed(feed))


def _cited(dataset: Dataset, row: Record, form: str, base: str) -> Example:
    """A row as a citation."""
    url = absolute(base, f"/v1/{dataset.name}/{row['id']}")
    text = WRITERS[form](cite(dataset, row, title_of(dataset, row), url, None, None)).decode()
    return _value(json.loads(text) if form == "csl" else text)


def page_of(dataset: Dataset, row: Record, base: str) -> Record:
    """The page that holds just this row."""
    ask = read_ask(dataset, (("id", row["id"]),), PAGE, Settings())
    links = page_links(base, dataset, ask, Page([], 1, REVISION, None, None))
    meta = {"dataset": dataset.name, "total": 1, "limit": DEFAULT_LIMIT, "offset": 0, "revision": REVISION}
    return {"data": [row], "meta": meta, "links": links}


def group_field(dataset: Dataset, row: Record) -> str:
    """A field to group by: an enumeration where the row has one, else the id."""
    enums = (name for name in groupable(dataset) if dataset.by_name[name].fact.enum and row[name] is not None)
    return next(enums, "id")


def _counted(dataset: Dataset, row: Record) -> Examples:
    """The row counted, as `facets` and `aggregate` do."""
    name, path = group_field(dataset, row), f"/v1/{dataset.name}"
    entry = {"value": row[name], "label": label(dataset.by_name[name], row[name]), "count": 1}
    about = {"dataset": dataset.name, "total": 1}
    facets = {**about, "groups": {name: 1}, "limit": DEFAULT_LIMIT, "revision": REVISION}
    groups = {**about, "limit": DEFAULT_LIMIT, "offset": 0, "revision": REVISION}
    return {
        f"{path}/facets": {JSON: _value({"data": {name: [entry]}, "meta": facets})},
        f"{path}/aggregate": {JSON: _value({"data": [{name: row[name], "count": 1}], "meta": groups})},
    }


def _search(base: str) -> Record:
    """A hit on the whole title of a row."""
    dataset, row = DATASETS["areas"], bundled()["areas"]
    title = title_of(dataset, row)
    shown = [{"field": dataset.search[0], "text": f"<mark>{title}</mark>"}]
    hit = {"dataset": dataset.name, "id": row["id"], "title": title, "score": 1000, "highlights": shown}
    path = f"{base}/v1/search?q=%E6%B8%A9%E5%B7%9E&dataset=areas"
    links = {"self": path, "next": None, "prev": None, "first": path}
    meta = {"total": 1, "limit": DEFAULT_LIMIT, "offset": 0, "revision": REVISION}
    return {"data": [hit], "meta": meta, "links": links}


def _cube(base: str) -> bytes:
    """The observation as a cube of JSON-stat."""
    rows = bundled()
    one = rows["observations"]
    url = absolute(base, "/v1/observations.jsonstat")
    return jsonstat(Cube([one], [rows["indicators"]], [rows["areas"]], False, "en", url, one["published_on"]))


def _series() -> Record:
    """The series of the indicator whose observation is an example."""
    rows = bundled()
    observation, indicator = rows["observations"], rows["indicators"]
    names = {f"indicator_{name}": indicator[name] for name in ("id", "name_zh", "name_en", "unit", "unit_zh")}
    meta = {"dataset": "observations", **names, "area_id": observation["area_id"], "total": 1, "revision": REVISION}
    return {"data": [{name: observation[name] for name in series.MEMBERS}], "meta": meta}
