"""The chapter on statistics of openapi.md."""

from app.renderers.sdmx.codelists import COMPONENTS, FLOW, KEY, Component
from app.renderers.sdmx.data_query import PARAMETERS
from app.renderers.sdmx.media_types import DATA_FORMATS, SCHEMA_FORMATS, STRUCTURE_FORMATS, SdmxFormat
from app.renderers.sdmx.structure_query import DETAILS, REFERENCES

STATISTICS = """## Statistics: SDMX and JSON-stat

The indicators stand below `/sdmx/2.1` as an SDMX 2.1 web service (REST API 1.5): agency `GAZETTE`, one dataflow
`{flow}`, version `1.0`. With sdmx1 it is a source like any other:

```python
import sdmx

sdmx.add_source({{"id": "GAZETTE", "name": "Gazette", "url": "http://127.0.0.1:8000/sdmx/2.1"}})
gazette = sdmx.Client("GAZETTE")
figures = sdmx.to_pandas(gazette.data("{flow}", key={{"INDICATOR": "retail_sales"}}))
```

| component | role | codes or type | 中文 | meaning |
|---|---|---|---|---|
{components}

A series key is `{key}`. A row of `observations` makes four observations, one a measure: `value` (the month),
`value_yoy` (its change on the year before), `cumulative` (since January; of deposits and loans the balance),
`cumulative_yoy`. Areas, indicators and measures have the ids of this service. A figure that is printed as a dash has
`OBS_STATUS` `O` and no value. 亿元 is `CNY` with `UNIT_MULT` 8, a price index is `IX` whatever unit the table prints. Digits
are those of the print: 108.30, with `DECIMALS` 2. `ISSUE` names the issue that printed the figure, from which
`/v1/observations` leads to page and line.

| address below `/sdmx/2.1` | answer |
|---|---|
| `/data/{{flow}}/{{key}}/{{provider}}` | data; flow `{flow}`, `GAZETTE,{flow}` or `GAZETTE,{flow},1.0`; in a key an empty part means all codes, `+` separates several; `all` or no key is everything |
| `/availableconstraint/{{flow}}/{{key}}/{{provider}}/{{component}}` | for which codes and which time there are data, and how many series and observations (`mode=exact`) |
| `/schema/{{context}}/{{agency}}/{{id}}/{{version}}` | the XML schema of structure-specific data, for a validator that has the official ones; context `dataflow` or `datastructure` |
| `/{{resource}}/{{agency}}/{{id}}/{{version}}/{{item}}` | structures: `dataflow`, `datastructure`, `conceptscheme`, `codelist`, `agencyscheme`, `dataproviderscheme`, `organisationscheme`, `structure`; each part may be left out at the end, be `all`, or hold several joined by `+`; `latest` is a version |

| parameter of data | meaning |
|---|---|
{parameters}

A path may end in a slash, with which pysdmx's client ends every one. Months that lie wholly within `startPeriod` and `endPeriod` are found. `updatedAfter` is a 501: no record tells when an
observation reached the data. `references` of structures: {references}; `detail`: {details}.

With `includeHistory=true` there is one data set for each day on which an issue came out, with the action `Replace` and
`validFromDate` (`validFrom` in JSON) as its day; in SDMX-CSV `ISSUE` tells them apart. Otherwise there is one data set,
the action is `Information`, and the latest vintage counts (`asOf`: the latest by then).

| `Accept` | also | what |
|---|---|---|
{forms}

Without `Accept` the first of each kind is answered. SDMX-CSV takes `labels=both` as a parameter of its media type. Names
are English and Chinese; where one text must do it is English, or Chinese where nobody has written an English one.
Structures are written by pysdmx; data by writers of our own, which keep the printed digits and the vintages apart.

An answer is made in memory and holds at most {rows} rows of observations (`MAX_STATISTICS_ROWS`), of which each is four
figures; more is a 413. `/v1/observations.csv` has no such bound.

Refusals have SDMX's own form, `mes:Error` in XML, or `{{"errors": [{{"code", "title", "detail"}}]}}` for who takes JSON:

| code | status | when |
|---|---|---|
| 100 | 404 | nothing matches, no such dataflow, structure or address |
| 130 | 413 | the answer would be too large |
| 140 | 400 (405, 406, 414) | an unknown parameter, value or code of a key, a key of the wrong length, no such format |
| 150 | 403 | a question that contradicts itself |
| 500, 501, 503 | the same | a failure, what the standard has and this service has not, a database that does not answer |

`/v1/observations.jsonstat` is the same question as `/v1/observations` (filters, `filter`, `q`, `as_of`, `vintages`,
`lang=zh`) as a JSON-stat 2.0 dataset: dimensions `indicator`, `area`, `period`, with `vintages=all` also `issue`, and
`measure`. `value` holds every cell in row-major order, exact; null with the `status` `O` is a dash in print, null without
one no figure at all. Units stand at the categories; a month's or accumulated figure has the unit of its indicator. At
most {rows} rows and ten times as many cells, else a 400.
"""


def write_statistics(most_rows: int) -> str:
    """The chapter; `most_rows` is the bound of one answer."""
    parameters = "\n".join(f"| `{name}` | {text} |" for name, text in PARAMETERS.items())
    return STATISTICS.format(
        flow=FLOW,
        key=".".join(KEY),
        components="\n".join(map(_component, COMPONENTS)),
        parameters=parameters,
        references=", ".join(f"`{word}`" for word in dict.fromkeys(REFERENCES)),
        details=", ".join(f"`{word}`" for word in DETAILS),
        forms="\n".join(map(_form, (*DATA_FORMATS, *STRUCTURE_FORMATS, *SCHEMA_FORMATS))),
        rows=f"{most_rows:,}",
    )


def _component(component: Component) -> str:
    kind = f"`{component.codelist}`" if component.codelist else component.text_type
    role = component.role
    if role == "attribute":
        role += f" of {' and '.join(f'`{name}`' for name in component.related_dimensions) or 'the observation'}"
    return f"| `{component.id}` | {role} | {kind} | {component.info.label_zh} | {component.info.label_en} |"


def _form(form: SdmxFormat) -> str:
    also = ", ".join(f"`{plain}`" for plain in form.generic_types)
    return f"| `{form.media_type};version={form.version}` | {also} | {form.title} |"
