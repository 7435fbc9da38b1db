"""SDMX, JSON-stat, the catalogue in all its forms, legal XML, citations."""

from urllib.parse import quote

from tests.support.answers.sampling import Plan, address

SDMX = "/sdmx/2.1"
VND = "application/vnd.sdmx."
DATA_TYPES = (
    f"{VND}structurespecificdata+xml;version=2.1",
    f"{VND}genericdata+xml;version=2.1",
    f"{VND}data+json;version=1.0.0",
    f"{VND}data+json;version=2.0.0",
    f"{VND}data+csv;version=1.0.0",
    f"{VND}data+csv;version=2.0.0",
    f"{VND}data+csv;version=1.0.0;labels=both",
    f"{VND}data+csv;version=2.0.0;labels=both",
    f"{VND}data+csv;version=1.0.0;labels=none",
    f"{VND}data+json",
    f"{VND}data+json;version=3.0.0",
    "application/json",
    "application/xml",
    "text/xml",
    "text/csv",
    "text/csv;q=0.5, application/json;q=0.8",
    "image/png",
)
STRUCTURE_TYPES = (
    f"{VND}structure+xml;version=2.1",
    f"{VND}structure+json;version=2.0.0",
    f"{VND}structure+json;version=1.0.0",
    f"{VND}schema+xml;version=2.1",
    "application/json",
    "application/xml",
    "text/html",
)
KEYS = (
    "all",
    "",
    "M.330300.cpi.value",
    "M..cpi.",
    "..cpi+retail_sales.",
    "...",
    "M.330300.cpi",
    "M.x.cpi.value",
    "....",
)
SELECTIONS = (
    "startPeriod=2021-05",
    "startPeriod=2021&endPeriod=2021",
    "startPeriod=2021-Q2",
    "startPeriod=2021-06",
    "startPeriod=nonsense",
    "endPeriod=2021-05-31",
    "firstNObservations=1",
    "lastNObservations=1",
    "lastNObservations=0",
    "firstNObservations=x",
    "dimensionAtObservation=TIME_PERIOD",
    "dimensionAtObservation=INDICATOR",
    "dimensionAtObservation=AllDimensions",
    "dimensionAtObservation=NONE",
    "detail=full",
    "detail=dataonly",
    "detail=serieskeysonly",
    "detail=nodata",
    "detail=none",
    "includeHistory=true",
    "includeHistory=false",
    "includeHistory=perhaps",
    "asOf=2021-06-20",
    "asOf=2021-06-19",
    "asOf=2021-06-20T00:00:00",
    "includeHistory=true&asOf=2021-06-20",
    "updatedAfter=2021-01-01",
    "unknown=1",
)
RESOURCES = (
    "dataflow",
    "datastructure",
    "conceptscheme",
    "codelist",
    "agencyscheme",
    "dataproviderscheme",
    "organisationscheme",
    "structure",
    "metadataflow",
    "nonsense",
)
REFERENCES = (
    "none",
    "parents",
    "parentsandsiblings",
    "children",
    "descendants",
    "all",
    "codelist",
    "datastructure",
    "no",
)
DETAILS = ("full", "allstubs", "referencestubs", "allcompletestubs", "referencecompletestubs", "referencepartial", "no")
CATALOGUE = ("/catalog", "/catalog.ttl", "/catalog.jsonld", "/catalog.rdf", "/catalog.zh.json", "/data.json")
CATALOGUE_TYPES = (
    "text/turtle",
    "application/ld+json",
    "application/rdf+xml",
    "application/json",
    "text/html",
    "application/ld+json;q=0.9, text/turtle;q=0.5",
    "*/*",
)


def add_sdmx_data(plan: Plan) -> None:
    """Data and availability by keys and media types."""
    data, available = f"{SDMX}/data/INDICATORS", f"{SDMX}/availableconstraint/INDICATORS"
    for media_type in DATA_TYPES:
        plan.ask_thoroughly(data, {"Accept": media_type})
        for more in ("/all?includeHistory=true", "/M..cpi.?detail=dataonly", "?dimensionAtObservation=AllDimensions"):
            plan.ask(f"{data}{more}", {"Accept": media_type})
        plan.ask(f"{SDMX}/data/NONE", {"Accept": media_type})
        plan.ask(available, {"Accept": media_type})
    for key in KEYS:
        for path in (data, available):
            plan.ask_thoroughly(f"{path}/{key}")
            plan.ask(f"{path}/{key}/GAZETTE")
            plan.ask(f"{path}/{key}/all/", {"Accept": "application/json"})


def add_sdmx_selections(plan: Plan) -> None:
    """Parameters of data, components and flows, refusals in SDMX's own form."""
    data, available = f"{SDMX}/data/INDICATORS", f"{SDMX}/availableconstraint/INDICATORS"
    for selection in SELECTIONS:
        for media_type in ("", *DATA_TYPES[1:6]):
            plan.ask(f"{data}/all?{selection}", {"Accept": media_type} if media_type else {})
        plan.ask(f"{available}/all?{selection}")
    for method in ("HEAD", "POST", "DELETE", "OPTIONS"):
        plan.ask(data, method=method)
        plan.ask(data, {"Accept": "application/json"}, method=method)


def add_sdmx_names(plan: Plan) -> None:
    """Components, flows and addresses, known and unknown."""
    available = f"{SDMX}/availableconstraint/INDICATORS"
    for component in ("INDICATOR", "FREQ", "TIME_PERIOD", "all", "NONE"):
        for mode in ("", "?mode=exact", "?mode=available", "?references=all", "?references=codelist"):
            plan.ask(f"{available}/all/all/{component}{mode}")
    for flow in (
        "GAZETTE,INDICATORS",
        "GAZETTE,INDICATORS,1.0",
        "GAZETTE,INDICATORS,latest",
        "X,INDICATORS,1.0",
        "a,b,c,d",
    ):
        plan.ask(f"{SDMX}/data/{flow}")
        plan.ask(f"{SDMX}/availableconstraint/{flow}/all")
    for path in (
        "",
        "/",
        "/data",
        "/data/",
        "/data/INDICATORS/all/all/all",
        "/data/INDICATORS/",
        "/none/none/none/none",
    ):
        for media_type in ("*/*", "application/json"):
            plan.ask(f"{SDMX}{path}", {"Accept": media_type})


def add_sdmx_structures(plan: Plan) -> None:
    """Structures: resources, references, details, media types."""
    for resource in RESOURCES:
        for rest in ("", "/all", "/GAZETTE", "/GAZETTE/all", "/GAZETTE/INDICATORS/1.0", "/GAZETTE/all/latest", "/NONE"):
            plan.ask(f"{SDMX}/{resource}{rest}")
        for media_type in STRUCTURE_TYPES:
            plan.ask(f"{SDMX}/{resource}/all/all/all", {"Accept": media_type})
    for references in REFERENCES:
        for resource in ("dataflow", "datastructure", "codelist"):
            plan.ask(f"{SDMX}/{resource}/GAZETTE?references={references}")
    for detail in DETAILS:
        for media_type in STRUCTURE_TYPES[:2]:
            plan.ask(f"{SDMX}/datastructure/all/all/latest?references=all&detail={detail}", {"Accept": media_type})


def add_sdmx_items(plan: Plan) -> None:
    """Items of code lists, and schemas of data."""
    for items in ("CL_AREA/1.0/330300", "CL_AREA+CL_UNIT/1.0", "CL_FREQ/1.0/M", "CL_FREQ/1.0/X", "CL_FREQ/2.0"):
        plan.ask_thoroughly(f"{SDMX}/codelist/GAZETTE/{items}")
        plan.ask(f"{SDMX}/codelist/GAZETTE/{items}/", {"Accept": "application/json"})
    for context in ("dataflow", "datastructure", "none"):
        for rest in ("GAZETTE/INDICATORS", "GAZETTE/INDICATORS/1.0", "GAZETTE/NONE", "NONE/INDICATORS/1.0"):
            for more in ("", "?dimensionAtObservation=AllDimensions", "?explicitMeasure=true", "?x=1"):
                plan.ask(f"{SDMX}/schema/{context}/{rest}{more}")
        plan.ask(f"{SDMX}/schema/{context}/GAZETTE/INDICATORS", {"Accept": "application/json"})


def add_catalogue(plan: Plan) -> None:
    """The catalogue in all forms, JSON-stat, and what describes tables."""
    for target in CATALOGUE:
        plan.ask_thoroughly(target)
        for query in ("modified_since=2021-06-01", "modified_since=2030-01-01", "modified_since=x", "x=1", "limit=1"):
            plan.ask(f"{target}?{query}")
        for media_type in CATALOGUE_TYPES:
            plan.ask(target, {"Accept": media_type})
    for target in (
        "/",
        "/.well-known/api-catalog",
        "/robots.txt",
        "/sitemap.xml",
        "/schema.jsonld",
        "/datapackage.json",
    ):
        for headers in ({}, {"Accept": "text/html"}, {"Accept": "application/json"}, {"Accept-Language": "zh"}):
            plan.ask(target, headers)
            plan.ask(target, headers, method="HEAD")
        plan.ask(f"{target}?x=1")
    path = "/v1/observations.jsonstat"
    plan.ask_thoroughly(path)
    keys = [row["id"] for row in plan.known.rows["indicators"]]
    for parameters in (
        {"lang": "zh"},
        {"lang": "en"},
        {"lang": "fr"},
        {"vintages": "all"},
        {"as_of": "2021-06-20"},
        {"indicator_id": keys[0]},
        {"indicator_id__in": ",".join(keys[:3])},
        {"indicator_id": "none"},
        {"filter": "value > 100"},
        {"q": "cpi"},
        {"fields": "value"},
        {"limit": "1"},
        {"sort": "id"},
        {"cursor": "x"},
        {"bom": "true"},
    ):
        plan.ask(address(path, **parameters))


def add_texts(plan: Plan) -> None:
    """Every document as legal XML, by its id and its number; citations of rows by `Accept`."""
    for row in plan.known.rows["documents"]:
        for name in (row["id"], row["document_number"]):
            if not name:
                continue
            key = quote(name, safe="")
            plan.ask_thoroughly(f"/v1/documents/{key}")
            plan.ask_thoroughly(f"/v1/documents/{key}.xml")
            plan.ask(f"/v1/documents/{key}.xml?on=2021-06-01")
            plan.ask(f"/v1/documents/{key}", {"Accept": "application/akn+xml"})
            for suffix in (".bib", ".ris", ".csl.json", ".csv", ".ndjson"):
                plan.ask(f"/v1/documents/{key}{suffix}")
    for dataset in ("provisions", "commitments", "relations", "observations"):
        for row in plan.known.rows[dataset][:12]:
            key = quote(row["id"], safe="")
            for suffix in ("", ".bib", ".ris", ".csl.json", ".xml", ".parquet"):
                plan.ask(f"/v1/{dataset}/{key}{suffix}")
