"""The catalogue as RDF after DCAT-AP 3.0.1. It loads rdflib: import it where it is used, and in a thread.

Every node has an IRI under `/catalog#`, so that the same data gives the same triples everywhere. The
range of a property is stated on its object where the profile's shapes ask for a class.
"""

from collections.abc import Iterable

from rdflib import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from app.renderers.catalog.catalogue import CSVW_SUFFIX, PROVENANCE, Catalogue, Entry
from app.renderers.catalog.statistical_services import SDMX, SDMX_REST, Interface, interfaces_of
from app.renderers.catalog.vocabularies import (
    AUTHORITY,
    FILE_TYPES,
    FREQUENCIES,
    LANGUAGES,
    PLACE,
    THEMES,
    UNREGISTERED,
)
from app.renderers.sdmx.errors import PATH
from app.renderers.tabular.formats import FORMATS

DCAT = Namespace("http://www.w3.org/ns/dcat#")  # rdflib's own knows no `version`
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
IANA = "https://www.iana.org/assignments/media-types"
PUBLISHER_TYPE = URIRef("http://purl.org/adms/publishertype/LocalAuthority")
SHA256 = SPDX.checksumAlgorithm_sha256
OPENAPI = URIRef("https://spec.openapis.org/oas/v3.1.0")
DATA_THEMES = URIRef(f"{AUTHORITY}/data-theme")
PUBLIC = URIRef(f"{AUTHORITY}/access-right/PUBLIC")
AVAILABLE = URIRef(f"{AUTHORITY}/planned-availability/AVAILABLE")
PERIOD_TYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
PREFIXES = {"dcat": DCAT, "dct": DCTERMS, "foaf": FOAF, "skos": SKOS, "vcard": VCARD, "spdx": SPDX, "dcatap": DCATAP}


def graph_of(catalogue: Catalogue, entries: Iterable[Entry]) -> Graph:
    """The catalogue with some of its datasets."""
    writer = _Writer(catalogue)
    writer.shared()
    writer.catalogue()
    writer.services()
    for entry in entries:
        writer.dataset(entry)
    return writer.graph


class _Writer:
    """Adds one resource after another."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.known = catalogue
        self.graph = Graph()
        for prefix, namespace in PREFIXES.items():
            self.graph.bind(prefix, namespace)
        self.top = URIRef(catalogue.url("/catalog"))
        self.place = URIRef(catalogue.url(f"/v1/areas/{PLACE.code}"))
        self.licence = URIRef(catalogue.licence.url) if catalogue.licence.url else self.node("licence")

    def node(self, name: str) -> URIRef:
        """A node of the catalogue's own."""
        return URIRef(f"{self.top}#{name}")

    def add(self, subject: URIRef, predicate: URIRef, value: URIRef | Literal, of: URIRef | None = None) -> None:
        """A statement; `of` is the class of its object."""
        self.graph.add((subject, predicate, value))
        if of is not None and isinstance(value, URIRef):
            self.graph.add((value, RDF.type, of))

    def words(self, subject: URIRef, predicate: URIRef, zh: str, en: str) -> None:
        """A text in both languages."""
        self.graph.add((subject, predicate, Literal(en, lang="en")))
        self.graph.add((subject, predicate, Literal(zh, lang="zh")))

    def address(self, subject: URIRef, predicate: URIRef, path: str, of: URIRef = RDFS.Resource) -> None:
        """A statement whose object is an address of this service."""
        self.add(subject, predicate, URIRef(self.known.url(path)), of)

    def day(self, subject: URIRef, predicate: URIRef, day: str | None) -> None:
        """A statement of a day, where it is known."""
        if day:
            self.add(subject, predicate, Literal(day, datatype=XSD.date))

    def concept(self, subject: URIRef, predicate: URIRef, iri: URIRef, zh: str, en: str) -> None:
        """A statement whose object is a code, with its labels."""
        self.add(subject, predicate, iri, SKOS.Concept)
        self.words(iri, SKOS.prefLabel, zh, en)

    def shared(self) -> None:
        """Publisher, contact, place, licence and provenance, to which all else refers."""
        imprint, publisher, contact = self.known.imprint, self.node("publisher"), self.node("contact")
        self.add(publisher, RDF.type, FOAF.Agent)
        self.add(publisher, FOAF.name, Literal(imprint.publisher, lang="zh"))
        self.concept(publisher, DCTERMS.type, PUBLISHER_TYPE, "地方政府", "Local authority")
        self.add(contact, RDF.type, VCARD.Kind)
        self.add(contact, RDF.type, VCARD.Organization)
        self.add(contact, VCARD.fn, Literal(imprint.contact, lang="zh"))
        if imprint.email:
            self.add(contact, VCARD.hasEmail, URIRef(f"mailto:{imprint.email}"))
            self.add(publisher, FOAF.mbox, URIRef(f"mailto:{imprint.email}"))
        if imprint.telephone:
            self.add(contact, VCARD.hasTelephone, URIRef(f"tel:{imprint.telephone}"))
        if imprint.address:
            self._address(contact, imprint.address, imprint.postcode)
        self.add(self.place, RDF.type, DCTERMS.Location)
        self.add(self.place, DCTERMS.identifier, Literal(PLACE.code))
        self.words(self.place, SKOS.prefLabel, PLACE.zh, PLACE.en)
        self._statement(self.licence, DCTERMS.LicenseDocument, self.known.licence.zh, self.known.licence.en)
        self._statement(self.node("rights"), DCTERMS.RightsStatement, self.known.licence.zh, self.known.licence.en)
        self._statement(self.node("provenance"), DCTERMS.ProvenanceStatement, *PROVENANCE)

    def _statement(self, node: URIRef, kind: URIRef, zh: str, en: str) -> None:
        self.add(node, RDF.type, kind)
        self.words(node, RDFS.label, zh, en)

    def _address(self, contact: URIRef, street: str, postcode: str | None) -> None:
        address = self.node("address")
        self.add(contact, VCARD.hasAddress, address, VCARD.Address)
        self.add(address, VCARD["street-address"], Literal(street, lang="zh"))
        self.add(address, VCARD.locality, Literal(PLACE.zh, lang="zh"))
        self.add(address, VCARD["country-name"], Literal(PLACE.country))
        if postcode:
            self.add(address, VCARD["postal-code"], Literal(postcode))

    def common(self, subject: URIRef, kind: URIRef) -> None:
        """What catalogue, service and datasets have alike."""
        self.add(subject, RDF.type, kind)
        self.add(subject, DCTERMS.publisher, self.node("publisher"))
        self.add(subject, DCTERMS.license, self.licence)
        if kind != DCAT.DataService:
            for code in LANGUAGES.values():
                self.add(subject, DCTERMS.language, URIRef(f"{AUTHORITY}/language/{code}"), DCTERMS.LinguisticSystem)
            self.add(subject, DCTERMS.spatial, self.place)
        if kind != DCAT.Catalog:
            self.add(subject, DCAT.contactPoint, self.node("contact"))
            self.add(subject, DCTERMS.accessRights, PUBLIC, DCTERMS.RightsStatement)
            self.address(subject, DCAT.landingPage, "/", FOAF.Document)
            self.address(subject, FOAF.page, "/docs", FOAF.Document)

    def theme(self, subject: URIRef, code: str) -> None:
        """A statement of a theme."""
        iri = URIRef(f"{AUTHORITY}/data-theme/{code}")
        self.concept(subject, DCAT.theme, iri, *THEMES[code])
        self.add(iri, SKOS.inScheme, DATA_THEMES)

    def catalogue(self) -> None:
        """The catalogue itself."""
        known, top = self.known, self.top
        self.common(top, DCAT.Catalog)
        self.words(top, DCTERMS.title, known.title_zh, known.title_en)
        self.words(top, DCTERMS.description, *known.about())
        self.add(top, DCTERMS.rights, self.node("rights"))
        self.address(top, FOAF.homepage, "/", FOAF.Document)
        self.add(top, DCAT.themeTaxonomy, DATA_THEMES, SKOS.ConceptScheme)
        self.words(DATA_THEMES, DCTERMS.title, "数据主题", "Data theme")
        self.day(top, DCTERMS.issued, known.issued())
        self.day(top, DCTERMS.modified, known.modified())

    def services(self) -> None:
        """The service that answers for all datasets, and the one of SDMX where there are statistics."""
        service, sdmx = self.node("service"), self.node(SDMX)
        self.service(service, "/v1", ("接口", "API"), "GOVE", OPENAPI)
        about = "按同一套语法查询所有数据集。", "All datasets by one grammar of queries."
        self.words(service, DCTERMS.description, *about)
        self.words(service, DCAT.keyword, "应用程序接口", "API")
        if any(interfaces_of(entry.dataset) for entry in self.known.entries):
            self.service(sdmx, PATH, ("SDMX接口", "SDMX API"), "ECON", URIRef(SDMX_REST))
            about = "经济指标的数据和结构，SDMX 2.1。", "Data and structures of the economic indicators, SDMX 2.1."
            self.words(sdmx, DCTERMS.description, *about)
            self.words(sdmx, DCAT.keyword, "统计", "SDMX")

    def service(self, service: URIRef, path: str, title: tuple[str, str], theme: str, standard: URIRef) -> None:
        """What services have alike; the OpenAPI document describes them all."""
        self.add(self.top, DCAT.service, service)
        self.common(service, DCAT.DataService)
        self.words(service, DCTERMS.title, f"{self.known.title_zh}{title[0]}", f"{self.known.title_en}: {title[1]}")
        self.theme(service, theme)
        self.add(service, DCTERMS.identifier, Literal(str(service)))
        self.address(service, DCAT.endpointURL, path)
        self.address(service, DCAT.endpointDescription, "/openapi.json")
        self.add(service, DCTERMS.conformsTo, standard, DCTERMS.Standard)

    def dataset(self, entry: Entry) -> None:
        """One dataset and its distributions."""
        dataset, facts, node = entry.dataset, entry.facts, self.node(entry.dataset.name)
        self.common(node, DCAT.Dataset)
        self.add(self.top, DCAT.dataset, node)
        self.add(self.node("service"), DCAT.servesDataset, node)
        self.words(node, DCTERMS.title, dataset.title_zh, dataset.title_en)
        self.words(node, DCTERMS.description, dataset.description_zh, dataset.description_en)
        for lang, keywords in (("en", dataset.keywords_en), ("zh", dataset.keywords_zh)):
            for keyword in keywords:
                self.add(node, DCAT.keyword, Literal(keyword, lang=lang))
        self.theme(node, dataset.theme)
        frequency = URIRef(f"{AUTHORITY}/frequency/{dataset.frequency}")
        self.add(node, DCTERMS.accrualPeriodicity, frequency, DCTERMS.Frequency)
        self.words(frequency, SKOS.prefLabel, FREQUENCIES[dataset.frequency].zh, FREQUENCIES[dataset.frequency].en)
        self.add(node, DCTERMS.identifier, Literal(str(node)))
        own = dataset.provenance
        provenance = URIRef(f"{node}-provenance") if own else self.node("provenance")
        self.add(node, DCTERMS.provenance, provenance)
        if own:
            self._statement(provenance, DCTERMS.ProvenanceStatement, *own)
        self.add(node, DCAT.version, Literal(facts.modified or self.known.revision))
        self.day(node, DCTERMS.issued, facts.issued)
        self.day(node, DCTERMS.modified, facts.modified)
        self.period(node, facts.covers)
        for path in ("schema", "queryables"):
            self.address(node, DCTERMS.conformsTo, f"{entry.path}/{path}", DCTERMS.Standard)
        for name in FILE_TYPES:
            self.distribution(entry, node, name)
        for interface in interfaces_of(dataset):
            self.interface(entry, node, interface)

    def period(self, node: URIRef, covers: tuple[str, str] | None) -> None:
        """What time the data is about."""
        if covers:
            period = URIRef(f"{node}-period")
            self.add(node, DCTERMS.temporal, period, DCTERMS.PeriodOfTime)
            for predicate, value in zip((DCAT.startDate, DCAT.endDate), covers, strict=True):
                self.add(period, predicate, Literal(value, datatype=PERIOD_TYPES[len(value)], normalize=False))

    def distribution(self, entry: Entry, dataset: URIRef, name: str) -> None:
        """One format. JSON comes page by page: it has an address to ask at, and none to download all from."""
        form = FORMATS.get(name)
        title, media_type = (form.title, form.media_type) if form else ("JSON", "application/json")
        node = self.form(entry, dataset, name, title, FILE_TYPES[name])
        parts = ("全部记录。", "All rows.") if form else ("接口，分页返回。", "The API, page by page.")
        self.words(node, DCTERMS.description, *parts)
        self.address(node, DCAT.accessURL, entry.path)
        if form:
            self.address(node, DCAT.downloadURL, f"{entry.path}{form.suffix}")
        else:
            self.add(node, DCAT.accessService, self.node("service"))
        if name == "csv":
            self.address(node, DCTERMS.conformsTo, f"{entry.path}{CSVW_SUFFIX}", DCTERMS.Standard)
        if media_type not in UNREGISTERED:
            self.add(node, DCAT.mediaType, URIRef(f"{IANA}/{media_type}"), DCTERMS.MediaType)
        self.file(entry, node, name)

    def interface(self, entry: Entry, dataset: URIRef, asked: Interface) -> None:
        """A form for statistical tools, with the service that answers it."""
        node = self.form(entry, dataset, asked.name, asked.title, asked.file_type)
        parts = "统计软件接口，可按参数选择。", "An interface for statistical tools, with parameters to choose by."
        self.words(node, DCTERMS.description, *parts)
        self.address(node, DCAT.accessURL, asked.path)
        service = self.node(SDMX if asked.name == SDMX else "service")
        self.add(node, DCAT.accessService, service)
        self.add(service, DCAT.servesDataset, dataset)
        self.add(node, DCTERMS.conformsTo, URIRef(asked.standard), DCTERMS.Standard)
        if asked.media_type not in UNREGISTERED:
            self.add(node, DCAT.mediaType, URIRef(f"{IANA}/{asked.media_type}"), DCTERMS.MediaType)

    def form(self, entry: Entry, dataset: URIRef, name: str, title: str, file_type: str) -> URIRef:
        """What distributions have alike; answers the node."""
        node = URIRef(f"{dataset}.{name}")
        self.add(dataset, DCAT.distribution, node, DCAT.Distribution)
        self.words(node, DCTERMS.title, f"{entry.dataset.title_zh}（{title}）", f"{entry.dataset.title_en} ({title})")
        code = URIRef(f"{AUTHORITY}/file-type/{file_type}")
        self.add(node, DCTERMS.format, code, DCTERMS.MediaTypeOrExtent)
        self.add(node, DCTERMS.license, self.licence)
        self.add(node, DCTERMS.rights, self.node("rights"))
        self.concept(node, DCATAP.availability, AVAILABLE, "可用", "available")
        self.day(node, DCTERMS.issued, entry.facts.issued)
        self.day(node, DCTERMS.modified, entry.facts.modified)
        return node

    def file(self, entry: Entry, node: URIRef, name: str) -> None:
        """Size and checksum of a distribution, where they are known."""
        known = entry.facts.files.get(name)
        if known:
            checksum = URIRef(f"{node}-checksum")
            size = Literal(str(known.bytes), datatype=XSD.nonNegativeInteger)
            self.add(node, DCAT.byteSize, size)
            self.add(node, SPDX.checksum, checksum, SPDX.Checksum)
            self.add(checksum, SPDX.algorithm, SHA256, SPDX.ChecksumAlgorithm)
            self.add(checksum, SPDX.checksumValue, Literal(known.sha256, datatype=XSD.hexBinary, normalize=False))
