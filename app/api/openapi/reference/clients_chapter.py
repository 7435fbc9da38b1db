"""The chapter of openapi.md on generated clients and on the rules that a linter checks."""

CLIENTS = """## Generated clients and lint rules

Every operation in `/openapi.json` has a name (`operationId`: `list_areas`, `get_area`, `get_areas_facets`), its
problems, and an example that the tests compare with the service. What many operations share stands once among the
components.

- An address that answers JSON declares only JSON, so that a generated client has one return type. `Accept` may also
  name what the addresses with suffixes declare.
- One operation describes several addresses where they differ in their suffix only: `/v1/areas.{format}`
  (`export_areas`) stands for `.csv`, `.ndjson`, `.xlsx` and `.parquet`. `bom` is for CSV, `lang` for CSV and XLSX; the
  other formats refuse them.
- A list (`sort`, `fields`, `by`, `metric`, `derive`) is one parameter with commas (`style: form`, `explode: false`).
- `field=value` is a parameter of its own at addresses that answer JSON. All filters `field__op=value` are members of
  one object, `operators` (`style: form`, `explode: true`): each member is a query parameter of its own. Files, feeds and
  pictures have `field=value` in an object like it, `filters`.
- An enumeration lists its codes, and their labels in words. The service also takes the Chinese labels.
- Bounds such as `maxItems` are those of the settings of the server that you ask.

The project makes clients by these generators, compiles them and runs them in its tests.

| generator | what it needs to be told |
|---|---|
| `openapi-typescript` with `openapi-fetch` | `querySerializer: {array: {style: "form", explode: false}, object: {style: "form", explode: true}}` |
| `@hey-api/openapi-ts` | the same `querySerializer`, in a call with `operators` or `filters` |
| `orval` (`client: "fetch"`) | `override: {fetch: {explode: false}}`; it writes no objects, so use `filter` in place of `operators` |
| `swagger-typescript-api` | a class that overrides `toQueryString`: join lists by commas, write out objects |
| `openapi-generator` (`python`) | nothing; `…_without_preload_content` returns XLSX and Parquet as bytes |
| `openapi-python-client` | nothing; it does not know `explode: false`, so give a list one member |

The document passes Spectral's `spectral:oas` with all rules on. It also passes the Dutch API Design Rules (NLGov ADR
2.1) as far as a linter can check them, in our own wording (`tests/support/api_clients/spectral.yaml`). The exceptions
are:

| rule | why it does not apply |
|---|---|
| `spectral:oas` `info-license`, `license-url` | the gazette prints no licence, and OpenAPI knows none without an address; `info.license` is there when an operator sets `LICENCE_URL`, until then the description says what is known |
| `spectral:oas` `openapi-tags-alphabetical` | tags are in the order of the catalogue |
| ADR `/core/uri-version` (in `servers`) | `v1` is part of the paths: the catalogue, the names in feeds, `robots.txt` and SDMX are outside it, where their readers look for them |
| ADR `/core/path-segments-kebab-case` | our own segments follow it; endings name formats (`.csv`, `.{format}`), and `catalog.ttl`, `data.json` and `.well-known` are names set by others |
| ADR `/core/query-keys-camel-case` | parameters are the names of fields with `__op`, in snake_case like the fields; OGC sets `filter-lang`, SDMX its own names |
| ADR `/core/error-handling/problem-details` below `/sdmx` | SDMX has its own format of errors |
| ADR `/core/date-time` in `Last-Modified` and similar headers | HTTP has its own format of dates |
| ADR `/core/interface-language`, `/core/doc-language` (Dutch) | English for programs, Chinese beside it, because the gazette is Chinese |
| ADR `/core/transport/tls`, HSTS of `/core/transport/security-headers` | TLS ends at the operator's proxy |
| ADR `no-store` of `/core/transport/security-headers` | the data is public and meant to be cached |
"""
