"""openapi.md: the reference for people, generated from the OpenAPI document and the declarations."""

import re
from collections.abc import Iterator
from typing import Any

from app.api.openapi.reference.catalog_chapter import write_catalog_chapter
from app.api.openapi.reference.clients_chapter import CLIENTS
from app.api.openapi.reference.documents_chapter import write_documents_chapter
from app.api.openapi.reference.sdmx_chapter import write_sdmx_chapter
from app.api.schemas.datasets import deprecation_text
from app.api.schemas.service import PROBLEMS
from app.datasets import DATASETS
from app.model.dataset import Dataset, FieldSpec
from app.query.params.appended import APPENDED_PARAMETERS
from app.settings import Settings, request_limits

INTRODUCTION = """# The API

This page is the reference of the service. It is generated from the declarations in the code by
`gazette openapi --markdown`, so do not edit it. Programs find the same in `/openapi.json` (OpenAPI {version}).

Every dataset is a collection at `/v1/<dataset>`. Every row is an item at `/v1/<dataset>/{{id}}`. All datasets share one
query grammar.

| to | read |
|---|---|
| query the data | [Parameters](#parameters), [Full text](#full-text), [Filters in CQL2](#filters-in-cql2), [Counts and sums](#counts-and-sums), [Indicators over time](#indicators-over-time) |
| read the answers | [Formats](#formats), [Errors](#errors), [Every row](#every-row) |
| harvest the catalogue | [The catalogue](#the-catalogue) |
| work with documents | [Documents as legal XML](#documents-as-legal-xml), [Citations](#citations), [Feeds](#feeds) |
| work with statistics | [Statistics: SDMX and JSON-stat](#statistics-sdmx-and-json-stat) |
| build on the API | [What stays](#what-stays), [Limits](#limits), [Generated clients and lint rules](#generated-clients-and-lint-rules) |
| look something up | [Addresses](#addresses), [Datasets](#datasets) |
"""

GRAMMAR = r"""## Parameters

| parameter | meaning |
|---|---|
| `field=value`, `field__op=value` | Filter by a field. The tables under [Datasets](#datasets) list the operators of each field, and the next table explains them |
| `q=` | Search the text, see [Full text](#full-text). The best row comes first, and each row of the page has `highlights`. An empty or blank `q` is as if it were not given |
| `filter=` | Filter by an expression, see [Filters in CQL2](#filters-in-cql2). With other filters, all must hold. `filter-lang=cql2-text` may stand beside it |
| `sort=-year_from,number` | Sort by one or more fields; `-` means descending. With `q`, `score` is a sort key too. Nulls come last in both directions, text is sorted by code point, and the id breaks ties |
| `limit` (0 … 1000, default 50), `offset` | Choose one page. `limit=0` gives the total alone: no rows, `next` and `prev` null |
| `cursor` | Continue after a page: take it from `links.next` or `links.prev`. It is valid for its sort and filters only, and not together with `offset` |
| `fields=a,source.page_from` | Return only these members |
| `expand=names` | Give each row `names`: what the rows that it refers to are called, see [below](#names-of-referenced-rows) |
| `count=false` | Leave out `meta.total` |

| operator | a row matches when its value |
|---|---|
| `eq` (or none), `ne` | equals the value, or does not. `ne` leaves out nulls. An enumeration takes the code or the Chinese label |
| `gt`, `gte`, `lt`, `lte` | is greater, at least, less, at most |
| `in` | is in a comma-separated list. Values may be quoted as in RFC 4180 |
| `contains`, `startswith` | contains the text, or starts with it. The text is literal, and ASCII case makes no difference |
| `isnull` | is null (`true`) or not null (`false`). A list of objects counts as null, too, where the first member of one of them is null |
| `has` | is a list that contains the value. In a list of objects, the first member of each object is compared, and in `contents` the document number as well |

- The value of a facet, asked back as `field=value` (of a list: `field__has=value`, null: `field__isnull=true`), finds as
  many rows as the facet counts.
- The number of a document is the same in any bracket and width: `温政办[2021]28号`, `温政办（２０２１） 28 号` and
  `温政办〔2021〕28` are `温政办〔2021〕28号`. This holds in addresses (`/v1/documents/<number>`), in every filter of a field
  with such numbers, in `filter` and in `q`. For `contains`, `startswith` and `LIKE` it holds of brackets, width and
  blanks.
- A text in traditional characters (`龍灣區`) finds simplified text, in filters, in `filter` and in `q`. The few names that
  are printed in traditional characters (`横浹`) are found as they are printed.
- A text that no row has and that means something elsewhere is a 400 that says how to write it: an empty value, `null`,
  and operators of PostgREST (`year_from=gte.2021` is `year_from__gte=2021` here). `field__in=` takes them as they are.
- A parameter or operator that is called otherwise in other services (`page`, `$limit`, `_size`, `order_by`, `where`,
  `year_from__between`) is a 400 that names ours.

A page is `{"data": […], "meta": {…}, "links": {…}}`, an item is the bare object. `Link` headers repeat `next`, `prev`
and `first`.

### Names of referenced rows

`expand=names` gives every row the member `names`, so that nobody joins by hand. Its keys are the fields with the ids:

```json
{"section_id": "puqi", "target_class": "III", "names": {"section_id": "蒲岐", "document_id": "温州市人民政府办公室关于…"}}
```

- A name is Chinese, as in the tables with `lang=zh`: of a document its title. A list of ids has a list of names. An
  observation also has `unit`, the unit of its indicator.
- A name is null where the id is null, or where the row is not held. In a list, an id without a row stands for itself.
- With `fields`, `names` has the selected references only.
- Pages, rows, NDJSON, `aggregate` and `series` take it. CSV and XLSX have the same names in columns, with `lang=zh`.

## Full text

`q=` searches the texts of one dataset. `/v1/search?q=` searches all datasets, or those that `dataset=areas,documents`
names. Every text with a letter, a digit or a Chinese character is a valid search; one without (`*`, a lone quote) is a
400. `/v1/search` needs a `q` that is not blank.

| you write | you find rows with |
|---|---|
| `城中村 改造` | all words |
| `"a phrase"` | the phrase |
| `城中村 -改造` | the first word, and without the second |
| `one OR other` | at least one of the two (write `OR` in capitals) |
| `ouhai`, `yaogaoyuan`, `oh` | a name of a place or person that has this pinyin: the whole name, a run of whole syllables, or the initials |

- Chinese of any length, from one character up, is searched as it is written (城中村, 氨氮, 汪).
- Case, width, accents and the plural endings of English words make no difference. Brackets, hyphens and spaces between
  characters are ignored, so `温政办2021 28号` finds 温政办〔2021〕28号. A document number with its year in brackets is one
  phrase, whatever blanks it has: all its forms find the same rows in the same order.
- A hit in the title counts more than any number of hits in the body. The score is a whole number and the same on both
  databases. Compare it only within one answer.
- `highlights` is a list of `{"field", "text"}`: the text around the first hits. The hits are in `<mark>`, everything
  else is HTML-escaped. Exports have no highlights.
- A hit of `/v1/search` is `{"dataset", "id", "title", "score", "highlights", "links"}`; `links.self` is its row.

## Filters in CQL2

`filter=` takes CQL2-Text (OGC 21-065r2) with Basic CQL2, Advanced Comparison Operators, Case-insensitive Comparison and
Property-Property Comparisons. `/v1/<dataset>/queryables` describes the fields as a JSON Schema (OGC API – Features,
Part 3).

| example | meaning |
|---|---|
| `district = '龙湾区' AND (plan = 'upgrade' OR year_from <= 2022)` | `AND` `OR` `NOT`, `=` `<>` `<` `<=` `>` `>=`. Fields and values may stand on either side. An enumeration takes the code or the Chinese label |
| `value > 100.25`, `is_normative = true`, `signed_on < DATE('2021-05-01')` | The field decides the type of the value. Decimals are exact. A day is `DATE('…')` or a timestamp at the start of the day, a month is a text such as `'2021-05'` |
| `village LIKE '%桥_'`, `NOT LIKE` | `%` is any text, `_` is one character, `\` makes the next character literal. Case matters. In an enumeration, code or label may match |
| `year_to BETWEEN 2024 AND 2025`, `district IN ('龙湾区', '鹿城区')`, `notes IS NULL` | Each also with `NOT` |
| `CASEI(id) = CASEI('…')`, also with `LIKE` and `IN` | Ignore case (Unicode's full case folding: `Straße` is `STRASSE`) |
| `A_CONTAINS(areas, ('龙港市'))`, `A_OVERLAPS(areas, ('龙港市', '平阳县'))` | The list contains all of these members, or at least one |
| `A_CONTAINEDBY(areas, ('龙港市', '平阳县'))`, `A_EQUALS(…)` | The list contains no other members, or exactly these in any order |

- As in SQL, a comparison with null is unknown: neither the comparison nor its negation finds the row. `IS NULL` also
  works on a condition in brackets, and is true where the condition is unknown.
- To write a quote in a text, double it or put a backslash before it (`''`, `\'`). `\\` is a backslash. `\a` `\b` `\t`
  `\n` `\v` `\f` `\r` are control characters.
- Arithmetic, `ACCENTI`, spatial and temporal functions are not supported.
- A mistake is a 400 that names the position of the character and the closest valid name.

## Counts and sums

**Facets.** `/v1/<dataset>/facets?by=district,plan` counts the values of each field, the most frequent first, then in
the order of values. The answer is
`{"data": {"district": [{"value", "label", "count"}], …}, "meta": {"dataset", "total", "groups", "limit", "revision"}}`.
`total` is the number of rows counted, `groups` the number of values of each field. `limit` cuts each list.
The `label` of a referenced row is its Chinese name; of a document, its number, or its title where it has none.

**Aggregates.** `/v1/<dataset>/aggregate?by=district,plan&metric=count,sum:value` returns one row for each combination:
`{"data": [{"district", "plan", "count", "sum_value"}, …], "meta": {"dataset", "total", "limit", "offset", "revision"}}`.
`total` is the number of groups. `sort` takes the columns of the answer; by default, groups are in the order of `by`.
Without `by` there is one group.

| metric | takes |
|---|---|
| `count` | no field: it counts rows |
| `sum:`, `avg:` | numbers. Sums are exact. Averages have six places, rounded half to even. Figures of several units are refused: group by `indicator_id` (observations) or `unit` (commitments), or ask for one of them |
| `min:`, `max:` | numbers, days, months and texts |

Metrics leave out nulls. Both addresses take every filter, `filter`, `q` and option of the dataset. Each member of a
list counts once per row; of a list of objects, the first member of each object counts; an empty list does not count.
Null is a group of its own.

## Indicators over time

`/v1/indicators/{id}/series` returns the rows of one indicator and area by month, with all four measures and their
statuses. `area_id` is `330300`, the whole city, by default. `as_of`, `vintages`, `period` and its operators work as in
`observations`.

`derive=prior_year,monthly_from_cumulative` adds `derived` to each row and the formulas to `meta`. Printed fields never
change.

| derived figure | how it is computed | null |
|---|---|---|
| `prior_year`, `prior_year_cumulative` | the figure divided by its growth, rounded half to even to the printed places | for an index, and for `industrial_value_added`, whose growth is at constant prices |
| `monthly_from_cumulative` | the year-to-date figure less that of the month before; for January, the figure itself | for an index or a balance, and where the month before is not held |

The series also answers as `.csv`, `.ndjson`, `.xlsx` and `.parquet`, or by `Accept`. There, each row begins with
`indicator_id` and `area_id`, and derived figures are columns of their own (`derived.prior_year`; in Parquet and NDJSON
members of `derived`). `lang`, `bom` and `expand` are as under [Formats](#formats). The second sheet of the spreadsheet
and the metadata of Parquet have the name of the indicator and the formulas.

## Pictures

The same questions as SVG, made to stand alone: title, filters in words, units, source, issue, revision and address.
`lang=zh` (the default) or `en`, `width` from 280 to 1600 pixels, `height` as the least height. For a narrow screen ask
for `width=340` instead of scaling a wide picture down.

| address | picture |
|---|---|
| `/v1/indicators/{id}/series.svg` | `measure=value`, `value_yoy`, `cumulative` or `cumulative_yoy`: columns for up to six months, else a line; missing months are gaps and are named. `derive=prior_year` adds the year before, `vintages=all` the figures of earlier issues |
| `/v1/<dataset>/facets.svg?by=district` | one field: bars, the largest first |
| `/v1/<dataset>/aggregate.svg?by=district,plan&metric=count` | one field: bars, or columns over time; two fields: bars made of parts, or a grid where both have many values |

They take the filters and options of the JSON address. `by` names one field or two, `metric` one number. `limit` is the
number of bars, at most 60; by default 20, and the rest is one bar or a note. A picture has no script; its
`Content-Security-Policy` allows its own style alone. `<desc>` tells the figures in a sentence.

## Formats

Add a suffix to the address, or send `Accept`, and the same query answers in another format, with **all matching rows**.
The suffix overrides `Accept`. `limit` and `offset` are optional here, and `cursor` is refused. Every page links to all
four formats in `links`. Items have the same suffixes.

| suffix | media type | content |
|---|---|---|
| `.csv` | `text/csv` | UTF-8, RFC 4180. Scalar lists are joined by `;`, and a member that contains `;` is quoted. Lists of objects are compact JSON. `source` and `printed` are flattened (`source.page_from`). `bom=true` adds the mark that Excel wants, `lang=zh` gives Chinese headings and enumeration labels, the name of every referenced row behind its id (`断面`, `断面名称`; `指标`, `指标名称`, `单位`; `公文`, `公文标题`), and people as `姓名（职务）`. Formulas are escaped, see below |
| `.ndjson` | `application/x-ndjson` | One JSON object per line; `expand=names` as in JSON |
| `.xlsx` | `application/vnd.openxmlformats-officedocument.spreadsheetml.sheet` | Typed cells; text is never a formula. A number that a spreadsheet cannot hold exactly is text. A cell of more than 32,767 characters is cut, with a mark. A second sheet has fields, source, licence and revision. `lang=zh` as in CSV. At most 1,048,575 rows, otherwise a 400 |
| `.parquet` | `application/vnd.apache.parquet` | int64, date32, bool, decimal128(19, 6), lists, structs for `source` and `printed`, lists of structs. Labels and units are metadata of the columns |

In CSV, a text that begins like a formula gets a leading `'`, and so does a text that already looks escaped. To undo it,
remove one `'` where `=`, `+`, `-`, `@` (or their full-width forms `＝` `＋` `－` `＠`), a tab, CR or LF follows it.

**Length and ranges.** An export without filters has a `Content-Length`, and every export answers `Range` and `HEAD`
with its length, so an interrupted download can be continued, and polars, fsspec and download managers read it by
address. Filtered CSV and NDJSON of more than one mebibyte are sent while they are read, so a plain `GET` of them has no
length; `HEAD` and `Range` make the file first, and then it is there for the next requests. A file that is larger than
`EXPORT_CACHE_BYTES` is never kept: unfiltered, it has length and ranges all the same; filtered, it has neither and says
`Accept-Ranges: none`. A compressed answer (`Accept-Encoding`) has another length, which is not told.

**File names.** `Content-Disposition` names a file after the dataset, the beginning of the data's revision and the
parameters: `urban-villages-1f0c2d3e.csv`, `urban-villages-1f0c2d3e_plan=upgrade.csv`. Where the parameters are too long,
or have characters that file systems do not take, a digest of them is added. Old clients, which read `filename` and not
`filename*`, get `…_filtered-5a6b7c8d.csv` for parameters in Chinese. `documents` depends on the day, and its files name
it: `documents-1f0c2d3e_on=2021-07-01.csv`.

**The day of a status.** `status` of documents depends on `on`, so every file and row has the day beside it: `status_on`.
It is there even if `fields` names only `status`. Pages and counts say the day as `meta.on`.

**`Accept`** may name ranges and weights: `text/*` is CSV, `application/*` and `*/*` are JSON.

## Errors

An error is a problem document (RFC 9457, `application/problem+json`) with `type`, `title`, `status`, `detail` and
`instance`. A bad request also has `errors`, a list of `{parameter, detail, allowed}`. Nothing in a request is silently
ignored, with one exception: addresses for people, probes and feed readers (pages, `/docs`, `robots.txt`, the sitemap,
`/healthz`, `/readyz`, `/version`, feeds by their suffix) drop the parameters that other programs append, so that a
shared link works. These are @APPENDED@. All other addresses refuse them, and say so.

| status | when |
|---|---|
@PROBLEMS@

## Every row

| member | meaning |
|---|---|
| `id` | the id of the row; it does not change |
| `source` | where the row is printed (`issue_id` `document_id` `page_from` `page_to` `table` `row` `lines`), `compiled_by`, who made the figures where the print says so, and `sha256`, the digest of these lines |
| `notes` | null, or what is damaged or doubtful |
| `printed` | in rows read from tables: the cells as they are printed, each under the field that it fills |
"""

STABILITY = """## What stays

This is version {version} of the API, by Semantic Versioning. The full number is in every answer (`API-Version`) and in
`info.version`. As long as there is a `/v1`, it promises:

| stays | may change |
|---|---|
| addresses and ids: a row keeps its id, on every machine that loads the issues in their order | new datasets, addresses, formats, links |
| names, types, units and meanings of fields, and which of them are never null | new fields and new members of objects: ignore what you do not know |
| codes of enumerations | new codes, when an issue prints a new kind of thing; Chinese and English labels |
| names, operators and defaults of parameters; the grammar of `filter` and `q` | new parameters and operators; the order and score of search hits |
| the order of rows, the unique tie-break, and cursors, which continue after a load | the content of a cursor; `revision` and validators |
| status codes, `type` and members of problem documents | the wording of `detail`; limits, which are settings of the operator |
| columns of CSV, NDJSON, XLSX and Parquet by name | their position: new columns come last in their group |
| identifiers in RDF, SDMX, Atom and Akoma Ntoso | |

The promise does not cover the data. When an issue was read wrongly, its rows are corrected, and `/v1/changes` says so.

A field is deprecated before it is removed, by one declaration beside the field. It works as before for at least twelve
months. During that time

- it is `deprecated: true` in `/openapi.json`, as a member of the row and as a parameter, and its entry below says since
  when it is deprecated, until when it works at least, and what to use instead;
- every answer with rows of its dataset has the headers `Deprecation: @<seconds>` (RFC 9745: since when) and
  `Sunset: <date>` (RFC 8594: until when at least);
- `CHANGELOG.md` announces it on the first day.

It is removed only in a new major version. `/v2` is then available beside `/v1`, which continues for at least twelve
months with `Sunset` on every answer. Deprecated at present: {deprecated}.
"""

LIMITS = """## Limits

Each limit of a request is a setting of the operator: an environment variable, or a line in `.env`. Beyond a limit, the
answer is a 400 that names the parameter. For the address it is a 414, for headers a 431, for a body a 413, for a
request that arrives slowly a 408, for times, turns and connections a 503 with `Retry-After`. A connection whose request
breaks a rule of HTTP/1.1 (RFC 9112), for example by having no `Host` or two, gets a 400 and is closed.

| setting | default | it limits |
|---|---|---|
"""


def write_limits() -> str:
    """Return the chapter on limits, each with its default."""
    lines = (f"| `{variable}` | {default} | {description} |" for variable, default, description in request_limits())
    return LIMITS + "\n".join(lines) + "\n"


def appended_parameters() -> str:
    """Return the parameters that other programs append, as the end of a sentence."""
    *names, last = (f"`{each.name}`" for each in APPENDED_PARAMETERS)
    return f"{', '.join(names)} and {last}"


def problem_statuses() -> str:
    """Return the rows of the table of problems."""
    return "\n".join(f"| {status} | {text} |" for status, text in PROBLEMS.items())


def deprecated_fields() -> str:
    """Return the fields that are deprecated."""
    fields = (f"`{d.name}.{spec.name}`" for d in DATASETS.values() for spec in d.fields if spec.info.deprecated)
    return ", ".join(fields) or "nothing"


def write_markdown(schema: dict[str, Any]) -> str:
    """Return the page for an OpenAPI document."""
    parts = [
        INTRODUCTION.format(version=schema["openapi"]),
        GRAMMAR.replace("@APPENDED@", appended_parameters()).replace("@PROBLEMS@", problem_statuses()),
        write_catalog_chapter(),
        write_documents_chapter(),
        write_sdmx_chapter(Settings().max_statistics_rows),
        STABILITY.format(version=schema["info"]["version"], deprecated=deprecated_fields()),
        write_limits(),
        CLIENTS,
        "## Addresses\n",
        _address_table(schema),
    ]
    parts += ["## Datasets\n", *(write_dataset(dataset) for dataset in DATASETS.values())]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts).rstrip("\n")


def _address_table(schema: dict[str, Any]) -> str:
    """Return the table of addresses. An address that every dataset has is listed once."""
    lines = ["| address | answer |", "|---|---|"]
    for path, summary in dict(_general_paths(schema)).items():
        lines.append(f"| `{path}` | {summary} |")
    return "\n".join(lines)


def _general_paths(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield paths and summaries. A path that every dataset has is written with `<dataset>`."""
    paths = {path: methods["get"]["summary"] for path, methods in schema["paths"].items()}
    formats = ", ".join(f"`.{name}`" for name in schema["components"]["schemas"]["TableFormat"]["enum"])
    for path, summary in paths.items():
        told = f"{summary}: {formats}" if path.endswith(".{format}") else summary
        dataset = next((d for d in DATASETS.values() if re.match(rf"/v1/{d.name}(?![a-z-])", path)), None)
        rest = path.removeprefix(f"/v1/{dataset.name}") if dataset else ""
        if dataset and all(f"/v1/{name}{rest}" in paths for name in DATASETS):
            yield f"/v1/<dataset>{rest}", generalise_summary(told, dataset)
        else:
            yield path.replace("{dataset}", "<dataset>"), told


def generalise_summary(summary: str, dataset: Dataset) -> str:
    """Return a summary that speaks of a dataset, not of this one."""
    text = summary.replace(f"ne of {dataset.title_en}", "ne row of a dataset").replace(dataset.title_en, "a dataset")
    return text[:1].upper() + text[1:]


def write_dataset(dataset: Dataset) -> str:
    """Return the section of a dataset with its fields."""
    order = ", ".join(f"`{key}`" for key in dataset.order if not key.lstrip("-").startswith("row_"))
    lines = [f"### {dataset.name} · {dataset.title_zh}", "", dataset.description_en, ""]
    lines += [f"Default order: {f'{order}, then ' if order else ''}the order of the print.", ""]
    if dataset.as_of_view:
        lines += [f"- `{option.name}`: {option.description}" for option in dataset.as_of_view.options]
        lines.append("")
    lines += ["| field | type | 中文 | meaning | operators |", "|---|---|---|---|---|"]
    lines += [_field_row(spec) for spec in dataset.fields]
    return "\n".join([*lines, ""])


def _field_row(spec: FieldSpec) -> str:
    kind = {"prose": "text", "objects": "list of objects", "list": "list of strings"}.get(spec.kind, spec.kind)
    meaning = spec.info.label_en + (f" ({spec.info.unit})" if spec.info.unit else "")
    if spec.info.enum:
        meaning += ": " + ", ".join(f"`{member.value}` {member.label_zh}" for member in spec.info.enum)
    if spec.info.members:
        meaning += ": " + ", ".join(f"`{member}`" for member in spec.info.members)
    meaning += "; editorial" if spec.info.editorial else ""
    meaning += "; never null" if not spec.nullable else ""
    meaning += f". {deprecation_text(spec.info.deprecated)}" if spec.info.deprecated else ""
    ops = " ".join(f"`{op}`" for op in spec.operators)
    return f"| `{spec.name}` | {kind} | {spec.info.label_zh} | {meaning} | {ops} |"
