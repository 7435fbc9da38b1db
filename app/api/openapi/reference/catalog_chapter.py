"""The chapter of openapi.md on the catalogue. The Chinese elements come from the table that makes them."""

from app.renderers.catalog.chinese import DATA_TYPES, ELEMENT_MEANINGS

CATALOGUE = """## The catalogue

The service builds every form of the catalogue from the declarations of the datasets and from the loaded data. No form
has content of its own. The answers have an ETag, `Cache-Control` and compression like all others, and unknown
parameters are a 400.

| address | for | content |
|---|---|---|
| `/catalog` | open-data portals | DCAT-AP 3.0.1 in the form that `Accept` prefers, by default Turtle |
| `/catalog.ttl`, `/catalog.jsonld`, `/catalog.rdf` | | the same as Turtle, JSON-LD, RDF/XML |
| `/catalog.zh.json` | Chinese portals | core metadata of 政务信息资源目录编制指南（试行）, see below |
| `/data.json` | CKAN, DKAN, the tools of data.gov | Project Open Data 1.1 |
| `/schema.jsonld`, `/v1/<dataset>.jsonld` | search engines | schema.org `DataCatalog` and `Dataset` |
| `/datapackage.json` | Frictionless, R, pandas | Data Package 2.0: every CSV with its Table Schema |
| `/v1/<dataset>.csv-metadata.json` | CSVW readers | CSV on the Web; the CSV links to it with `rel="describedby"` |

- **Changes.** `modified_since=2021-06-01` selects, in the RDF forms, the datasets that changed on that day or later. A
  dataset changes on the day of the package that brought the change (`created` in `datapackage.json`). The day is
  therefore the same on every machine that loaded the same packages, and not the day of loading. Adding the running text
  to rows that were loaded without it is no change. In doubt the day is too late rather than too early: datasets derived
  from others (`checks`, `relations`) count as changed when the others changed, and areas, which belong to no issue,
  change with every package. A dataset without rows says 1970-01-01, as an empty database does.
- **Language.** Every form takes `lang=zh` or `lang=en` and then has the texts in this one language, for portals that
  show only one. Without it, the RDF forms, CSVW and `schema.org` have both languages, and a title that can have only one
  is English. `/catalog.zh.json` is Chinese in any case. What has no English name, such as the publisher, keeps its
  Chinese one.
- **Identifiers.** Names are IRIs under `/catalog#` and do not change: `#observations` is a dataset, `#observations.csv`
  one of its distributions, `#service` the API; there are `#publisher` and `#contact`. The area is `/v1/areas/330300`.
  Set `PUBLIC_BASE_URL` when the service is harvested. Without it, IRIs begin with `http://127.0.0.1:8000`.
- **Distributions.** Besides the formats of all datasets, `observations` has JSON-stat (`#observations.jsonstat`) and
  SDMX (`#observations.sdmx`, answered by a service of its own, `#sdmx`, whose address `/sdmx/2.1` lists what it has).
  Both have an access address but no download address, because their answers are limited (see [Limits](#limits)).
- **Size and SHA-256** are given for CSV and NDJSON without parameters. They are left out for `documents`, because
  `status` depends on the day, and for XLSX and Parquet, because their bytes depend on the libraries that write them.
- **Media types.** NDJSON has the file type of JSON, because the EU's table has none for NDJSON. NDJSON and SDMX have no
  `dcat:mediaType`, because they are not registered with IANA.
- **Coverage** runs from the first to the last day of what the rows are about: the years 2021 to 2025 are 2021-01-01 to
  2025-12-31. If rows name no time, it is the publication days of their issues.
- **Provenance** is the printed gazette, which `source` of each row names. The datasets that this service adds (`areas`,
  `checks` and `changes`) say where they come from.
- **Publisher and contact** are what the masthead of the newest issue prints. An operator may set `CATALOGUE_TITLE`,
  `CATALOGUE_TITLE_ZH`, `LICENCE`, `LICENCE_ZH` and `LICENCE_URL`.
- **Licence.** Without `LICENCE_URL` no licence is named. What is known is said in words: `dct:license` is then a
  `dct:LicenseDocument` of our own with these words, and schema.org has them in `usageInfo`.
- **Left out.** `bureauCode` and `programCode` of Project Open Data identify offices of the United States, and only
  those must give them.

### Table schemas

Table Schema and CSVW describe the CSV without parameters, column by column.

- A list is one cell with `;` between its members. A member that contains a `;` is quoted, which neither standard can
  express; no id, code or name contains one. Lists of objects are JSON.
- An empty cell is null or an empty list.
- Text that would begin like a formula has a leading `'`, see [Formats](#formats). A validator sees it as part of the
  text.
- A field that refers to another dataset is a foreign key. CSVW allows only foreign keys that are never null, so the
  others are `dc:references` there.
- Without `PUBLIC_BASE_URL` the addresses of the CSVs are relative to the document.

### Chinese core metadata

`/catalog.zh.json` has `目录名称`, `依据`, `联系方式`, `更新日期` and `信息资源`, a list with one entry per dataset. The elements of an
entry are those of section 5.2 of the guide (发改高技〔2017〕1272号), with their names and in their order. We add `访问地址`, the
address of the data.

| 要素 | 内容 |
|---|---|
"""


def write_catalog_chapter() -> str:
    """Return the chapter."""
    rows = [f"| `{name}` | {meaning} |" for name, meaning in ELEMENT_MEANINGS.items()]
    types = "、".join(f"`{kind}` {named}" for kind, named in DATA_TYPES.items())
    return CATALOGUE + "\n".join(rows) + f"\n\n数据类型：{types}。\n"
