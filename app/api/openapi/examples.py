"""Examples for the OpenAPI document: what the service returns for one row of each dataset.

The rows are read from the bundled issues, so that nothing is written twice. The tests request each example from the
service and compare. For formats that are long or that JSON cannot hold, `sample_payloads` has the start of a response.
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
from app.api.endpoints.catalog import CATALOG_DOCUMENTS, ENTRY_DOCUMENTS
from app.api.endpoints.queryables import SCHEMA_JSON
from app.api.endpoints.sdmx import build_directory
from app.api.endpoints.search import hit_title
from app.api.links import page_links
from app.api.schemas import groups
from app.api.schemas.parameters import SAMPLE_DATASET
from app.datasets import DATASETS
from app.http.response import JSON
from app.ingest.package_reader import read_package
from app.ingest.seed import SEED_DIRECTORY, read_editorial
from app.model.dataset import Dataset
from app.model.dictionary import data_dictionary
from app.model.rows import Record, from_json, render_row, to_json
from app.query.group_table import value_label
from app.query.page import Page
from app.query.params.controls import DEFAULT_LIMIT
from app.query.params.dataset_query import PAGE_PARAMS, DatasetQuery, parse_dataset_query
from app.query.params.grouping import groupable_fields
from app.renderers.catalog.catalogue import Catalogue, DatasetEntry, Licence, build_imprint
from app.renderers.citations import WRITERS
from app.renderers.citations.citation import cite
from app.renderers.feeds.feed import Feed, Link, build_identifier
from app.renderers.feeds.json_feed import write_json_feed
from app.renderers.representations import CITATIONS, FEEDS, RDF_FORMATS, TABLE_FORMATS
from app.renderers.sdmx.errors import SDMX_PATH
from app.renderers.sdmx.jsonstat import Cube, write_jsonstat
from app.renderers.site.linkset import API_CATALOG, LINKSET, build_api_catalog, build_landing, dataset_summary
from app.renderers.site.sitemap import SITEMAP, SitemapUrl, render_robots, render_urlset
from app.renderers.tabular.export_spec import ExportSpec
from app.renderers.tabular.writers import TEXT_WRITERS
from app.renderers.urls import absolute_url
from app.settings import Settings
from app.version import VERSION

Example = dict[str, Any]
MAX_SAMPLE_ITEMS = 1
LINTER_VERB = re.compile("get|delete")
Examples = dict[str, dict[str, Example]]
"""An example by the path of its operation, or the key of a response that operations share, and its media type."""
REVISION = "3f2a9c51d0b84e67a1c5e8f0926b7d34"
"""An arbitrary revision: the real one is a digest of the data, and every load changes it."""


@cache
def sample_rows() -> Mapping[str, Record]:
    """Return one row of each dataset as it is served, from the first bundled issue that has one, by dataset name."""
    editorial = read_editorial()
    rows: dict[str, Record] = {}
    for directory in sorted(path.parent for path in SEED_DIRECTORY.glob("*/datapackage.json")):
        package = read_package(directory)
        for name, table in package.tables.items():
            for key, row in islice(table.rows.items(), 0 if name in rows else 1):
                rows[name] = _as_served(DATASETS[name], row | editorial.get(name, {}).get(key, {}))
        if "changes" not in rows:
            rows["changes"] = _change_row(rows["issues"]["id"], package.created)
        if len(rows) == len(DATASETS):
            break
    # Loading an issue fills these two fields.
    if "checks" in rows:
        rows["checks"] |= {"counted": rows["checks"]["declared"], "status": "pass"}
    return {name: rows[name] for name in DATASETS if name in rows}


def _change_row(issue_id: str, day: date) -> Record:
    """Return the row that the first load of an issue adds to the changes."""
    change = {"at": day, "dataset": "issues", "row_id": issue_id, "kind": "added", "cause": "source"}
    return _as_served(DATASETS["changes"], {"id": "1", **change, "changed": [], "source": None})


def _as_served(dataset: Dataset, row: Record) -> Record:
    """Return a row with all its members, including the computed ones."""
    return from_json(render_row(dataset, row | _computed_fields(dataset, row))[0])


def _computed_fields(dataset: Dataset, row: Record) -> Record:
    """Return the computed fields of a row, as of the publication of its issue, by the SQL that queries use."""
    view = dataset.as_of_view
    if view is None or view.today_option is None:
        return {}
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    columns = view.build_clause({}).computed
    values = {spec.name: row.get(spec.name) for spec in dataset.stored_fields}
    rendered = {"row_json": "", "row_csv": "", "row_line": 0}
    with engine.begin() as connection:
        dataset.table.create(connection)
        connection.execute(sa.insert(dataset.table).values(values | rendered))
        select = sa.select(*(column.label(name) for name, column in columns.items())).select_from(dataset.table)
        computed = connection.execute(select, {view.today_option: row["published_on"]}).mappings().one()
    engine.dispose()
    return dict(computed)


def build_examples(base: str = "") -> Examples:
    """Return all examples. `base` is the public base address, empty if it is not set."""
    examples: Examples = {"/v1": {JSON: _example({"data": [dataset_summary(DATASETS["issues"], base, 1)]})}}
    catalogue = _empty_catalogue(base)
    for path, document in CATALOG_DOCUMENTS.items():
        examples[path] = {document.media_type: _example(shorten_lists(document.render(catalogue)))}
    json_ld = {
        RDF_FORMATS["jsonld"].media_type: _example({"@context": {"dcat": "http://www.w3.org/ns/dcat#"}, "@graph": []})
    }
    examples["/catalog"] = examples["/catalog.jsonld"] = json_ld
    examples["/"] = {JSON: _example(shorten_lists(build_landing((), catalogue, {"issues": 1, "documents": 5})))}
    examples[API_CATALOG] = {LINKSET: _example(build_api_catalog((), DATASETS, base))}
    if SAMPLE_DATASET in sample_rows():
        examples |= _shared_examples(DATASETS[SAMPLE_DATASET], sample_rows()[SAMPLE_DATASET], base)
    examples["/healthz"] = {JSON: _example({"status": "ok"})}
    examples["/readyz"] = {JSON: _example({"status": "ok", "revision": REVISION})}
    examples["/version"] = {JSON: _example({"name": "gazette", "version": VERSION})}
    examples["/robots.txt"] = {"text/plain": _example(render_robots(base))}
    examples[SITEMAP] = {
        "application/xml": _example(render_urlset(base, [SitemapUrl("/v1/issues/2021-05", "2021-06-20")]))
    }
    examples["/v1/observations.jsonstat"] = {JSON: _example(json.loads(_json_stat(base)))}
    examples[SDMX_PATH] = {JSON: _example(build_directory(base))}
    examples["/v1/search"] = {JSON: _example(_search_page(base))}
    examples["/v1/indicators/{id}/series"] = {JSON: _example(_series_page(base))}
    examples["/v1/indicators/{id}/series.{format}"] = {
        TABLE_FORMATS[name].media_type: _series_table(name) for name in TEXT_WRITERS
    }
    return examples


def shorten_lists(value: Any) -> Any:
    """Return a JSON value whose lists are cut to a few items."""
    if isinstance(value, dict):
        return {name: shorten_lists(member) for name, member in value.items()}
    return [shorten_lists(member) for member in value[:MAX_SAMPLE_ITEMS]] if isinstance(value, list) else value


def _empty_catalogue(base: str) -> Catalogue:
    """Return the catalogue before any data is loaded, with the default settings."""
    settings = Settings()
    licence = Licence(settings.licence_zh, settings.licence, settings.licence_url)
    imprint, entries = build_imprint(sample_rows()["issues"]), tuple(map(DatasetEntry, DATASETS.values()))
    return Catalogue(base, settings.catalogue_title_zh, settings.catalogue_title, licence, imprint, REVISION, entries)


def _shared_examples(dataset: Dataset, row: Record, base: str) -> Examples:
    """Return the examples of the responses that the operations of all datasets share, by their keys."""
    path = f"/v1/{dataset.name}"
    tables = {
        table_format.media_type: _table_text(dataset, row, table_format.name)
        for table_format in TABLE_FORMATS.values()
        if table_format.name in TEXT_WRITERS
    }
    dictionary = {"dataset": dataset.name, "fields": data_dictionary(dataset)[:2]}
    queryables = groups.queryables_schema(dataset, f"{base}{path}/queryables")
    queryables["properties"] = dict(list(queryables["properties"].items())[:2])
    feed = FEEDS["feed"]
    examples: Examples = {
        "Dictionary": {JSON: _example(dictionary)},
        "Queryables": {SCHEMA_JSON: _example(queryables)},
        **_group_examples(dataset, row),
        "file": tables,
        f"{feed.name}.entries": {feed.media_type: _example(_empty_feed(dataset, base))},
    }
    for citation in CITATIONS.values():
        examples[f"/v1/{{dataset}}/{{id}}{citation.suffix}"] = {
            citation.media_type: _citation(dataset, row, citation.name, base)
        }
    catalogue = _empty_catalogue(base)
    entry = next(entry for entry in catalogue.entries if entry.dataset is dataset)
    for suffix, document in ENTRY_DOCUMENTS.items():
        example = _example(shorten_lists(document.render(catalogue, entry)))
        examples[f"/v1/{{dataset}}{suffix}"] = {document.media_type: example}
    return examples


def row_example(row: Record) -> Any:
    """Return a row as the example of its schema."""
    return _example(row)["value"]


def _example(value: Any) -> Example:
    """Return an example from a value that JSON can hold."""
    return {"value": _without_linted_nulls(json.loads(to_json(value)))}


def _without_linted_nulls(value: Any) -> Any:
    """Return a JSON value without the nulls that the linter of the Dutch API Design Rules fails on.

    Its rules search for operations by names that contain `get` or `delete`, and fail on a `target_id` of null.
    """
    if isinstance(value, dict):
        members = (
            (name, member) for name, member in value.items() if member is not None or not LINTER_VERB.search(name)
        )
        return {name: _without_linted_nulls(member) for name, member in members}
    return [_without_linted_nulls(member) for member in value] if isinstance(value, list) else value


def _table_text(dataset: Dataset, row: Record, format_name: str) -> Example:
    """Return a row as CSV or NDJSON."""
    writer = TEXT_WRITERS[format_name](ExportSpec(dataset))
    row_json, row_csv = render_row(dataset, row)
    rendered = row_csv if writer.row_column == "row_csv" else row_json
    return _example((writer.render_header() + writer.render_rows([rendered.encode()])).decode())


def _empty_feed(dataset: Dataset, base: str) -> Record:
    """Return a JSON Feed without entries."""
    url = absolute_url(base, f"/v1/{dataset.name}")
    self_link = Link("self", f"{url}{FEEDS['feed'].suffix}", FEEDS["feed"].media_type)
    author = Settings().catalogue_title_zh if dataset.provenance else sample_rows()["issues"]["publisher"]
    name = build_identifier(dataset.name, "")
    feed = Feed(
        name,
        dataset.title_zh,
        dataset.description_zh,
        sample_rows()["issues"]["published_on"],
        author,
        url,
        [self_link],
        [],
    )
    return from_json(write_json_feed(feed))


def _citation(dataset: Dataset, row: Record, format_name: str, base: str) -> Example:
    """Return a row as a citation."""
    url = absolute_url(base, f"/v1/{dataset.name}/{row['id']}")
    text = WRITERS[format_name](cite(dataset, row, hit_title(dataset, row), url, None, None)).decode()
    return _example(json.loads(text) if format_name == "csl" else text)


def single_row_page(base: str) -> Record:
    """Return what surrounds the rows of a page: `meta` and `links` of the page that holds just the sample row."""
    dataset, row = DATASETS[SAMPLE_DATASET], sample_rows()[SAMPLE_DATASET]
    query = parse_dataset_query(dataset, (("id", row["id"]),), PAGE_PARAMS, Settings())
    links = page_links(base, dataset, query, Page([], 1, REVISION, None, None))
    meta = {"dataset": dataset.name, "total": 1, "limit": DEFAULT_LIMIT, "offset": 0, "revision": REVISION}
    return {"meta": meta, "links": links}


def group_field(dataset: Dataset, row: Record) -> str:
    """Return a field to group by: an enumeration that has a value in the row, else the id."""
    enums = (
        name for name in groupable_fields(dataset) if dataset.fields_by_name[name].info.enum and row[name] is not None
    )
    return next(enums, "id")


def _group_examples(dataset: Dataset, row: Record) -> Examples:
    """Return the examples of `facets` and `aggregate`: the row, counted."""
    name = group_field(dataset, row)
    entry = {"value": row[name], "label": value_label(dataset.fields_by_name[name], row[name]), "count": 1}
    meta = {"dataset": dataset.name, "total": 1}
    facets_meta = {**meta, "groups": {name: 1}, "limit": DEFAULT_LIMIT, "revision": REVISION}
    aggregate_meta = {**meta, "limit": DEFAULT_LIMIT, "offset": 0, "revision": REVISION}
    return {
        "Facets": {JSON: _example({"data": {name: [entry]}, "meta": facets_meta})},
        "Groups": {JSON: _example({"data": [{name: row[name], "count": 1}], "meta": aggregate_meta})},
    }


def _search_page(base: str) -> Record:
    """Return a page with one hit, which is the full title of a row."""
    dataset, row = DATASETS["areas"], sample_rows()["areas"]
    title = hit_title(dataset, row)
    highlights = [{"field": dataset.search_fields[0], "text": f"<mark>{title}</mark>"}]
    hit = {"dataset": dataset.name, "id": row["id"], "title": title, "score": 1000, "highlights": highlights}
    hit["links"] = {"self": f"{base}/v1/{dataset.name}/{row['id']}"}
    path = f"{base}/v1/search?q=%E6%B8%A9%E5%B7%9E&dataset=areas"
    links = {"self": path, "next": None, "prev": None, "first": path}
    meta = {"total": 1, "limit": DEFAULT_LIMIT, "offset": 0, "revision": REVISION}
    return {"data": [hit], "meta": meta, "links": links}


def _json_stat(base: str) -> bytes:
    """Return the sample observation as a cube of JSON-stat."""
    rows = sample_rows()
    observation = rows["observations"]
    url = absolute_url(base, "/v1/observations.jsonstat")
    publisher = build_imprint(rows["issues"]).publisher
    day = observation["published_on"]
    cube = Cube([observation], [rows["indicators"]], [rows["areas"]], False, "en", url, day, publisher)
    return write_jsonstat(cube)


def _series_page(base: str) -> Record:
    """Return the series that has the sample observation only."""
    rows = sample_rows()
    observation, indicator = rows["observations"], rows["indicators"]
    names = {f"indicator_{name}": indicator[name] for name in ("id", "name_zh", "name_en", "unit", "unit_zh")}
    meta = {"dataset": "observations", **names, "area_id": observation["area_id"], "total": 1, "revision": REVISION}
    links = series.series_links(base, indicator["id"], DatasetQuery())
    return {"data": [{name: observation[name] for name in series.SERIES_FIELDS}], "meta": meta, "links": links}


def _series_table(format_name: str) -> Example:
    """Return the series that has the sample observation only, as CSV or NDJSON."""
    observation = sample_rows()["observations"]
    writer = TEXT_WRITERS[format_name](ExportSpec(series.OBSERVATIONS, series.SERIES_COLUMNS, rerender=True))
    row = to_json({name: observation[name] for name in series.SERIES_COLUMNS}).encode()
    return _example((writer.render_header() + writer.render_rows([row])).decode())
