"""What openapi.md tells of documents as legal XML, citations and feeds."""

from app.renderers.akoma_ntoso.naming import HIERARCHY_ELEMENTS

LEGAL = """## Documents as legal XML

`/v1/documents/{{id}}.xml`, or `Accept: application/akn+xml`, is the document in Akoma Ntoso 3.0 (OASIS
LegalDocML), valid under its schema; `on=` is the day for which the status is told, and the document number
works as id.

- Every document is a `doc` named after its type. Notices, plans and measures of a city government are no
  legislation under the Legislation Law of the PRC, and one element for all keeps identifiers as they are
  when a registration number becomes known; `FRBRprescriptive` is true for those that have one.
- A work is `/akn/cn/doc/<year>/<id>`, its expression `/zho@<day of signature>`. The same IRI is made from
  the number of a document that is only referred to; one named by a title alone is a concept,
  `/akn/ontology/reference/cn/<title>`.
- `lifecycle` has signature, publication, entry into force, expiry and repeal, the last two on the first day
  on which the document is no longer in force (`expires_on` is the last day on which it is); `temporalData`
  the time in force.
- `repeals` and `amends` are `activeRef`, and from the other side `passiveRef`; repeals are also
  `textualMod` from provision to document. `based_on` and `cites` are `TLCReference` of that name, and
  `implicitReference` from the provision.
- A provision has its own id as `GUID` and as `eId` its path in the naming convention (`ch2.art6.i1` is
  `chp_2__art_6__subpara_1`), so `/v1/documents/<document>.xml#chp_2__art_6` is its anchor.
  `/v1/provisions/<id>`, its permanent address, leads there by `Link: rel="bookmark"`.
- Text stands where it is loaded: what runs before a list in `intro`, what follows it in `wrapUp`. Otherwise
  a provision has number and heading only and `status="incomplete"`. What belongs to no provision
  (signature, tables) stands in `body` and in the datasets read from it. Abstracts stand in `proprietary`,
  marked `editorial`, never as text.
- An annex is an `attachment`: with its running text as a `doc`, or as a reference where it is a table or
  picture; `gazette:annex` tells whether its content is held.

| path | element | `eId` |
|---|---|---|
{kinds}

## Citations

Every row is cited at `/v1/<dataset>/{{id}}.bib` (BibTeX), `.ris` (RIS), `.csl.json` (CSL-JSON), or by
`Accept` (`application/x-bibtex`, `application/x-research-info-systems`,
`application/vnd.citationstyles.csl+json`). Documents and provisions are cited as regulations with issuer,
number and day of signature; other rows as data with table and row; all with the gazette's issue and pages
and their permanent address. There is no day of access: it is yours to add. Each row as JSON names these by
`Link: rel="describedby"`, and its permanent address by `rel="cite-as"`.

## Feeds

`/v1/<dataset>.atom` (Atom, RFC 4287) and `/v1/<dataset>.feed.json` (JSON Feed 1.1), or `Accept:
application/atom+xml` and `application/feed+json`, are a question to subscribe to: `q`, `filter`, every
filter and option of the dataset; each page links to its own as `links.atom` and `links.feed`. The newest
come first: by `published_on` or `at`, else by issue and, in it, by `date`; `sort` overrides. `limit` (1 …
1000, default 50) cuts pages, which `next` continues (RFC 5005; `next_url`).

- `id` is a name-based UUID of dataset and row: the same on every host and machine, for ever.
- `published` is the day of the row, else of its issue; `updated` its last entry in `changes`, if that is
  later. Both are days in Asia/Shanghai. What depends on today, a document's status, is no part of an entry.
- Titles are Chinese and tell the news (`温州市财政总收入 2021年5月：当月 …`; in `changes` what became of what). The
  content lists the fields; what editors wrote is labelled.
- Links: `alternate` the row (for documents and provisions also the legal text), `via` the issue, `related`
  the document, or the row that a change is about.
"""


def write_prose() -> str:
    """The chapter, with the table of elements from the naming itself."""
    rows = [
        f"| `{step}…` | `{kind.element}` | `{kind.abbreviation}_…` |"
        for step, kind in HIERARCHY_ELEMENTS.items()
        if step != "pre"
    ]
    first = f"| `pre` | `{HIERARCHY_ELEMENTS['pre'].element}` | `{HIERARCHY_ELEMENTS['pre'].abbreviation}` |"
    return LEGAL.format(kinds="\n".join([first, *rows]))
