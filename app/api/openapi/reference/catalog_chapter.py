"""What openapi.md tells of the catalogue, with the Chinese elements from the table that makes them."""

from app.renderers.catalog.chinese import DATA_TYPES, ELEMENT_MEANINGS

CATALOGUE = """## The catalogue

All of it is made from the declarations of the datasets and from what a load finds out; nothing is written by hand for one
form alone. Each form is answered like the rest: ETag, `Cache-Control`, compression, 400 for unknown parameters.

| address | for | what it holds |
|---|---|---|
| `/catalog` | open-data portals | DCAT-AP 3.0.1 in the form that `Accept` likes best, Turtle when it does not say |
| `/catalog.ttl`, `/catalog.jsonld`, `/catalog.rdf` | | the same as Turtle, JSON-LD, RDF/XML |
| `/catalog.zh.json` | Chinese portals | core metadata of 政务信息资源目录编制指南（试行）, see below |
| `/data.json` | CKAN, DKAN, data.gov's tools | Project Open Data 1.1 |
| `/schema.jsonld`, `/v1/<dataset>.jsonld` | search engines | schema.org `DataCatalog`, and `Dataset` |
| `/datapackage.json` | Frictionless, R, pandas | Data Package 2.0: every CSV with its Table Schema |
| `/v1/<dataset>.csv-metadata.json` | CSVW readers | CSV on the Web; the CSV links to it with `rel="describedby"` |

- `modified_since=2021-06-01` leaves datasets out of the RDF forms that did not change on that day or later. The day of a
  change is the day of the package that brought it (`datapackage.json`, `created`), the same on every machine that loaded
  the same packages, not the day on which this machine loaded it. A text that arrives for rows which were held without it
  is no change. In doubt the day is too late rather than too early: datasets that follow from others (`checks`, `relations`)
  count as changed when those did, and areas, which belong to no issue, with every package.
- Names are IRIs under `/catalog#`: `#observations` a dataset, `#observations.csv` one of its distributions, `#service` the
  API, `#publisher`, `#contact`. They stay. The area is `/v1/areas/330300`. Without `PUBLIC_BASE_URL` they begin with
  `http://127.0.0.1:8000`; a service that is harvested should set it.
- Beside the formats of all datasets, `observations` has JSON-stat and SDMX among its distributions (`#observations.jsonstat`,
  `#observations.sdmx`, answered by a service of its own, `#sdmx`). Both are asked for by address and have a bound (see
  Limits), so that they are no downloads.
- Provenance is the print, which each row's `source` names; `areas`, `checks` and `changes`, which this service adds, say
  where they come from.
- Size and SHA-256 are told of CSV and NDJSON as they are served without parameters. They are left out of `documents`,
  whose `status` depends on the day, and of XLSX and Parquet, whose bytes depend on the libraries that write them.
- Coverage is from the first to the last day, month or year that the rows are about; for datasets whose rows name none, the
  days on which their issues appeared.
- Publisher and contact are what the masthead of the newest issue prints. `CATALOGUE_TITLE`, `CATALOGUE_TITLE_ZH`,
  `LICENCE`, `LICENCE_ZH` and `LICENCE_URL` may be set. Without `LICENCE_URL` no licence is named anywhere; what is known is
  told in words (`dct:license` is then a `dct:LicenseDocument` of our own that says so, `usageInfo` in schema.org).
- NDJSON has the file type of JSON, for the EU's table has none for it. It and SDMX have no `dcat:mediaType`, for IANA knows
  none.
- `bureauCode` and `programCode` of Project Open Data name offices of the United States; only those must give them, and
  they are left out. A dataset without rows says it was modified on 1970-01-01, as an empty database does.

### Table schemas

Both describe the CSV without parameters, column by column. A list is one cell: `;` between its members, and a member that
holds a `;` is quoted, which neither standard can say (no id, code or name does). Lists of objects are JSON. An empty cell
is null, or an empty list. Text that would begin like a formula has a leading `'`, see Formats: a validator sees it as part
of the text. Foreign keys are what a field refers to; CSVW gets those that are never null, for it allows no other, the rest
as `dc:references`. Without a public base the addresses of the CSVs are relative to the document that names them.

### Chinese core metadata

`/catalog.zh.json` has `目录名称`, `依据`, `联系方式`, `更新日期` and `信息资源`, a list with an entry for each dataset. Its
elements are those of section 5.2 of the guide (发改高技〔2017〕1272号) by their names and in their order; `访问地址`, where the
data is, is ours.

| 要素 | 内容 |
|---|---|
"""


def write_catalogue() -> str:
    """The chapter on the catalogue."""
    rows = [f"| `{name}` | {meaning} |" for name, meaning in ELEMENT_MEANINGS.items()]
    types = "、".join(f"`{kind}` {named}" for kind, named in DATA_TYPES.items())
    return CATALOGUE + "\n".join(rows) + f"\n\n数据类型：{types}。\n"
