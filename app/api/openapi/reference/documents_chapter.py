"""The chapters of openapi.md on documents as legal XML, citations and feeds."""

from app.renderers.akoma_ntoso.naming import HIERARCHY_ELEMENTS

DOCUMENTS = """## Documents as legal XML

`/v1/documents/{{id}}.xml`, or `Accept: application/akn+xml`, is the document in Akoma Ntoso 3.0 (OASIS LegalDocML). It
is valid against its schema. `on=` sets the day for which the status is given. The document number works as id.

- **Type.** Every document is a `doc` with the name of its type. Notices, plans and measures of a city government are
  not legislation under the Legislation Law of the PRC. One element for all also keeps identifiers as they are when a
  registration number becomes known. `FRBRprescriptive` is true for documents that have one.
- **Identifiers.** A work is `/akn/cn/doc/<year>/<id>`, its expression `/zho@<day of signature>`. A document that is
  only referred to has the same kind of IRI, made from its number. One that is named by its title alone is a concept,
  `/akn/ontology/reference/cn/<title>`.
- **Dates.** `lifecycle` has signature, publication, entry into force, expiry and repeal. Expiry and repeal are on the
  first day on which the document is no longer in force (`expires_on` is the last day on which it is). `temporalData`
  has the time in force.
- **References.** `repeals` and `amends` are `activeRef`, and `passiveRef` from the other side. Repeals are also
  `textualMod` from provision to document. `based_on` and `cites` are a `TLCReference` of that name, and an
  `implicitReference` from the provision.
- **Provisions.** A provision has its own id as `GUID`. Its `eId` is its path in the naming convention (`ch2.art6.i1` is
  `chp_2__art_6__subpara_1`), so its anchor is `/v1/documents/<document>.xml#chp_2__art_6`. Its permanent address
  `/v1/provisions/<id>` links there with `Link: rel="bookmark"`.
- **Text** is included where it is loaded: text before a list in `intro`, text after it in `wrapUp`. Otherwise a
  provision has only number and heading, and `status="incomplete"`. What belongs to no provision (signature, tables) is
  in `body` and in the datasets read from it. Abstracts are in `proprietary`, marked `editorial`, and never appear as
  text.
- **Annexes.** An annex is an `attachment`. It holds its running text as a `doc`, or a reference if it is a table or
  picture. `gazette:annex` says whether its content is held.

| path | element | `eId` |
|---|---|---|
{kinds}

## Citations

Every row has its citation at `/v1/<dataset>/{{id}}` with a suffix, or by `Accept`:

| suffix | format | media type |
|---|---|---|
| `.bib` | BibTeX | `application/x-bibtex` |
| `.ris` | RIS | `application/x-research-info-systems` |
| `.csl.json` | CSL-JSON | `application/vnd.citationstyles.csl+json` |

Documents and provisions are cited as regulations with issuer, number and day of signature, other rows as data with
table and row. All citations have the issue of the gazette, the pages and the permanent address. They have no day of
access; add it yourself. A row as JSON links to its citations with `Link: rel="describedby"`, and to its permanent
address with `rel="cite-as"`.

## Feeds

Subscribe to any query: `/v1/<dataset>.atom` is Atom (RFC 4287, `application/atom+xml`), `/v1/<dataset>.feed.json` is
JSON Feed 1.1 (`application/feed+json`); `Accept` works too. A feed takes `q`, `filter`, and every filter and option of
the dataset. Each page links to its own feeds as `links.atom` and `links.feed`. The newest entries come first: by
`published_on` or `at`, otherwise by issue and within it by `date`. `sort` overrides this order. `limit` (1 … 1000,
default 50) sets the size of a page, and `next` leads to the following one (RFC 5005; `next_url`).

- `id` is a name-based UUID of dataset and row. It never changes and is the same on every host.
- `published` is the day of the row, or else of its issue. `updated` is the day of its last entry in `changes`, if that
  is later. Both are days in Asia/Shanghai. An entry contains nothing that depends on today, such as the status of a
  document.
- Titles are Chinese and say what is new (`温州市财政总收入 2021年5月：当月 …`; in `changes`, what happened to which row). The
  content lists the fields. Editorial texts are labelled.
- Links: `alternate` is the row (for documents and provisions also the legal text), `via` is the issue, `related` is the
  document, or the row that a change is about.
"""


def write_documents_chapter() -> str:
    """Return the chapters. The table of elements comes from the naming convention itself."""
    rows = [
        f"| `{step}…` | `{kind.element}` | `{kind.abbreviation}_…` |"
        for step, kind in HIERARCHY_ELEMENTS.items()
        if step != "pre"
    ]
    first = f"| `pre` | `{HIERARCHY_ELEMENTS['pre'].element}` | `{HIERARCHY_ELEMENTS['pre'].abbreviation}` |"
    return DOCUMENTS.format(kinds="\n".join([first, *rows]))
