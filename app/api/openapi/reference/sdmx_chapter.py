"""The chapter of openapi.md on statistics."""

from app.renderers.sdmx.codelists import COMPONENTS, FLOW, KEY, Component
from app.renderers.sdmx.data_query import PARAMETERS
from app.renderers.sdmx.format_parameter import DATA_CHOICE, STRUCTURE_CHOICE, FormatChoice
from app.renderers.sdmx.media_types import DATA_FORMATS, SCHEMA_FORMATS, STRUCTURE_FORMATS, SdmxFormat
from app.renderers.sdmx.structure_query import DETAILS, REFERENCES

STATISTICS = """## Statistics: SDMX and JSON-stat

The indicators are available at `/sdmx/2.1` as an SDMX 2.1 web service (REST API 1.5). The agency is `GAZETTE`, the only
dataflow is `{flow}`, its version is `1.0`. Add it to sdmx1 as a source:

```python
import sdmx

sdmx.add_source({{"id": "GAZETTE", "name": "Gazette", "url": "http://127.0.0.1:8000/sdmx/2.1"}})
gazette = sdmx.Client("GAZETTE")
figures = sdmx.to_pandas(gazette.data("{flow}", key={{"INDICATOR": "retail_sales"}}))
```

| component | role | codes or type | 中文 | meaning |
|---|---|---|---|---|
{components}

A series key is `{key}`. Areas, indicators and measures have the ids of this service; in a code, a
character other than letters, digits and `_ $ -` is its code point between `@` (`a.b` is `a@2E@b`). Each row of `observations` becomes
four observations, one for each measure:

| measure | meaning |
|---|---|
| `value` | the figure of the month |
| `value_yoy` | its change on the year before |
| `cumulative` | the sum since January; for deposits and loans, the balance |
| `cumulative_yoy` | its change on the year before |

- A figure that is printed as a dash has `OBS_STATUS` `O` and no value.
- 亿元 is `CNY` with `UNIT_MULT` 8. A price index is `IX`, whatever unit the table prints.
- Digits are those of the print: 108.30, with `DECIMALS` 2.
- `ISSUE` is the issue that printed the figure. `/v1/observations` has its page and line.
- `COMPILING_ORG` is who made the figure, where the print says so.

### Addresses and parameters

| address below `/sdmx/2.1` | answer |
|---|---|
| (nothing) | A directory of the service in JSON, with an address of each resource |
| `/data/{{flow}}/{{key}}/{{provider}}` | Data. The flow is `{flow}`, `GAZETTE,{flow}` or `GAZETTE,{flow},1.0`. In a key, an empty part means all codes and `+` separates several. `all` or no key means everything |
| `/availableconstraint/{{flow}}/{{key}}/{{provider}}/{{component}}` | The codes and the time for which there are data, and the numbers of series and observations (`mode=exact`) |
| `/schema/{{context}}/{{agency}}/{{id}}/{{version}}` | The XML schema of structure-specific data, for validators that have the official schemas. The context is `dataflow` or `datastructure` |
| `/{{resource}}/{{agency}}/{{id}}/{{version}}/{{item}}` | Structures: `dataflow`, `datastructure`, `conceptscheme`, `codelist`, `agencyscheme`, `dataproviderscheme`, `organisationscheme`, `structure`. Each part may be left out at the end, be `all`, or hold several values joined by `+`. `latest` is a version |

| parameter of data | meaning |
|---|---|
{parameters}

| parameter of structures | values |
|---|---|
| `references` | {references} |
| `detail` | {details} |

- A path may end in a slash, because the client of pysdmx adds one.
- Months that are entirely within `startPeriod` and `endPeriod` are found.
- `updatedAfter` is a 501: the service does not record when an observation reached it.
- By default there is one data set with the action `Information` and the latest vintage; with `asOf`, the latest vintage
  by that day. With `includeHistory=true` there is one data set for each day on which an issue was published. Its action
  is `Replace`, its day is in `validFromDate` (`validFrom` in JSON). In SDMX-CSV, `ISSUE` tells the vintages apart.

### SDMX formats

| `Accept` | also | format |
|---|---|---|
{forms}

Without `Accept`, you get the first format of each kind. A type in the second column, which may be a range (`text/*`,
`application/*`), is also the `Content-Type` of the answer. SDMX-CSV takes `labels=both` as a parameter of its media type.

Where no header can be sent, as in a browser or a spreadsheet, `format` chooses the format. It is preferred to `Accept`,
and errors come in the same format. Its values are those of other SDMX services, in any case of letters; any other value
is a 400.

| `format` of data | means | also at |
|---|---|---|
{data_names}

| `format` of structures and availability | means | also at |
|---|---|---|
{structure_names}

`formatVersion` names the version of the format (`1.0.0`, the default, or `2.0.0` for SDMX-JSON and SDMX-CSV). `labels=both`
writes codes with their names in SDMX-CSV.

Names are English and Chinese. Where only one name is possible, it is the English one, or the Chinese one if there is no
English name. pysdmx writes the structures. Our own writers write the data, to keep the printed digits and the vintages
apart.

An answer is made in memory and holds at most {rows} rows of observations with four figures each
(`MAX_STATISTICS_ROWS`). A larger answer is refused with a 413. `/v1/observations.csv` has no such limit.

### SDMX errors

Errors have the format of SDMX: `mes:Error` in XML, or `{{"errors": [{{"code", "title", "detail"}}]}}` if you accept
JSON or chose it with `format`.

| code | status | when |
|---|---|---|
| 100 | 404 | nothing matches, or there is no such dataflow, structure or address |
| 130 | 413 | the answer would be too large |
| 140 | 400 (405, 406, 414) | a parameter, value or code of a key is unknown, a key has the wrong length, or there is no such format |
| 150 | 403 | the query contradicts itself |
| 500, 501, 503 | the same | the service failed, does not support this part of the standard, or its database does not answer |

### JSON-stat

`/v1/observations.jsonstat` answers the same query as `/v1/observations` (filters, `filter`, `q`, `as_of`, `vintages`,
`lang=zh`) as a JSON-stat 2.0 dataset. Its dimensions are `indicator`, `area`, `period` and `measure`; with
`vintages=all` also `issue`, before `measure`. `value` holds every cell in row-major order, exactly. A null with the
`status` `O` is a printed dash, a null without a status means that there is no figure. Units are given with the
categories; monthly and year-to-date figures have the unit of their indicator. At most {rows} rows and ten times as many
cells, otherwise a 400.
"""


def write_sdmx_chapter(max_rows: int) -> str:
    """Return the chapter; `max_rows` is the limit of one answer."""
    parameters = "\n".join(f"| `{name}` | {text} |" for name, text in PARAMETERS.items())
    return STATISTICS.format(
        flow=FLOW,
        key=".".join(KEY),
        components="\n".join(map(_component_row, COMPONENTS)),
        parameters=parameters,
        references=", ".join(f"`{word}`" for word in dict.fromkeys(REFERENCES)),
        details=", ".join(f"`{word}`" for word in DETAILS),
        forms="\n".join(map(_format_row, (*DATA_FORMATS, *STRUCTURE_FORMATS, *SCHEMA_FORMATS))),
        data_names=_name_rows(DATA_CHOICE),
        structure_names=_name_rows(STRUCTURE_CHOICE),
        rows=f"{max_rows:,}",
    )


def _component_row(component: Component) -> str:
    kind = f"`{component.codelist}`" if component.codelist else component.text_type
    role = component.role
    if role == "attribute":
        role += f" of {' and '.join(f'`{name}`' for name in component.related_dimensions) or 'the observation'}"
    return f"| `{component.id}` | {role} | {kind} | {component.info.label_zh} | {component.info.label_en} |"


def _name_rows(choice: FormatChoice) -> str:
    titles = {known.name: known.title for known in choice.formats}
    return "\n".join(
        f"| `{word}` | {titles[name.format_name]}{', `labels=both`' if name.labels == 'both' else ''} | {name.example} |"
        for word, name in choice.names.items()
    )


def _format_row(sdmx_format: SdmxFormat) -> str:
    also = ", ".join(f"`{plain}`" for plain in sdmx_format.generic_types)
    return f"| `{sdmx_format.media_type};version={sdmx_format.version}` | {also} | {sdmx_format.title} |"
