"""The catalogue as RDF after DCAT-AP 3.0.1.

Importing this module loads rdflib: import it where it is used, and in a thread. Every node has an IRI under
`/catalog#`, so that equal data gives equal triples everywhere. The class of an object is stated where the profile's
shapes require one.
"""

from collections import defaultdict
from collections.abc import Iterable

from rdflib import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from app.renderers.catalog.catalogue import PROVENANCE, Catalogue, DatasetEntry
from app.renderers.catalog.statistical_services import SDMX, SDMX_REST, StatisticalInterface, statistical_interfaces
from app.renderers.catalog.vocabularies import (
    AUTHORITY,
    FREQUENCIES,
    LANGUAGES,
    PLACE,
    THEMES,
)
from app.renderers.representations import CSVW, JSON, PICTURE, TABLE_FORMATS, TableFormat
from app.renderers.sdmx.errors import SDMX_PATH
from app.version import VERSION

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
PREFIXES = {"dcat": DCAT, "dct": DCTERMS, "foaf": FOAF, "skos": SKOS, "vcard": VCARD, "spdx": SPDX, "dcatap": DCATAP}


def build_graph(catalogue: Catalogue, entries: Iterable[DatasetEntry]) -> Graph:
    """Return the catalogue with some of its datasets."""
    builder = _GraphBuilder(catalogue)
    builder.add_shared_nodes()
    builder.add_catalogue()
    builder.add_services()
    for entry in entries:
        builder.add_dataset(entry)
    if catalogue.language:
        keep_language(builder.graph, catalogue.language)
    return builder.graph


def keep_language(graph: Graph, language: str) -> None:
    """Remove the texts in other languages, unless there is none in this one."""
    texts: dict[tuple[Node, Node], list[Literal]] = defaultdict(list)
    for subject, predicate, value in graph:
        if isinstance(value, Literal) and value.language:
            texts[subject, predicate].append(value)
    for (subject, predicate), values in texts.items():
        if any(value.language == language for value in values):
            for value in values:
                if value.language != language:
                    graph.remove((subject, predicate, value))


class _GraphBuilder:
    """A graph to which one resource after another is added."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.graph = Graph()
        for prefix, namespace in PREFIXES.items():
            self.graph.bind(prefix, namespace)
        self.catalogue_node = URIRef(catalogue.url("/catalog"))
        self.place = URIRef(catalogue.url(f"/v1/areas/{PLACE.code}"))
        self.licence = URIRef(catalogue.licence.url) if catalogue.licence.url else self.node("licence")

    def node(self, name: str) -> URIRef:
        """Return a node of the catalogue itself."""
        return URIRef(f"{self.catalogue_node}#{name}")

    def add(
        self, subject: URIRef, predicate: URIRef, value: URIRef | Literal, object_class: URIRef | None = None
    ) -> None:
        """Add a statement; `object_class` is the class of its object."""
        self.graph.add((subject, predicate, value))
        if object_class is not None and isinstance(value, URIRef):
            self.graph.add((value, RDF.type, object_class))

    def add_bilingual(self, subject: URIRef, predicate: URIRef, zh: str, en: str) -> None:
        """Add a text in both languages."""
        self.graph.add((subject, predicate, Literal(en, lang="en")))
        self.graph.add((subject, predicate, Literal(zh, lang="zh")))

    def add_url(self, subject: URIRef, predicate: URIRef, path: str, object_class: URIRef = RDFS.Resource) -> None:
        """Add a statement whose object is an address of this service."""
        self.add(subject, predicate, URIRef(self.catalogue.url(path)), object_class)

    def add_date(self, subject: URIRef, predicate: URIRef, day: str | None) -> None:
        """Add a date, where it is known."""
        if day:
            self.add(subject, predicate, Literal(day, datatype=XSD.date))

    def add_concept(self, subject: URIRef, predicate: URIRef, iri: URIRef, zh: str, en: str) -> None:
        """Add a statement whose object is a code, with its labels."""
        self.add(subject, predicate, iri, SKOS.Concept)
        self.add_bilingual(iri, SKOS.prefLabel, zh, en)

    def add_shared_nodes(self) -> None:
        """Add publisher, contact, place, licence and provenance, which all other resources refer to."""
        imprint, publisher, contact = self.catalogue.imprint, self.node("publisher"), self.node("contact")
        self.add(publisher, RDF.type, FOAF.Agent)
        self.add(publisher, FOAF.name, Literal(imprint.publisher, lang="zh"))
        self.add_concept(publisher, DCTERMS.type, PUBLISHER_TYPE, "地方政府", "Local authority")
        self.add(contact, RDF.type, VCARD.Kind)
        self.add(contact, RDF.type, VCARD.Organization)
        self.add(contact, VCARD.fn, Literal(imprint.contact, lang="zh"))
        if imprint.email:
            self.add(contact, VCARD.hasEmail, URIRef(f"mailto:{imprint.email}"))
            self.add(publisher, FOAF.mbox, URIRef(f"mailto:{imprint.email}"))
        if imprint.telephone:
            self.add(contact, VCARD.hasTelephone, URIRef(f"tel:{imprint.telephone}"))
        if imprint.address:
            self._add_postal_address(contact, imprint.address, imprint.postcode)
        self.add(self.place, RDF.type, DCTERMS.Location)
        self.add(self.place, DCTERMS.identifier, Literal(PLACE.code))
        self.add_bilingual(self.place, SKOS.prefLabel, PLACE.zh, PLACE.en)
        self._add_statement(self.licence, DCTERMS.LicenseDocument, self.catalogue.licence.zh, self.catalogue.licence.en)
        self._add_statement(
            self.node("rights"), DCTERMS.RightsStatement, self.catalogue.licence.zh, self.catalogue.licence.en
        )
        self._add_statement(self.node("provenance"), DCTERMS.ProvenanceStatement, *PROVENANCE)

    def _add_statement(self, node: URIRef, kind: URIRef, zh: str, en: str) -> None:
        self.add(node, RDF.type, kind)
        self.add_bilingual(node, RDFS.label, zh, en)

    def _add_postal_address(self, contact: URIRef, street: str, postcode: str | None) -> None:
        address = self.node("address")
        self.add(contact, VCARD.hasAddress, address, VCARD.Address)
        self.add(address, VCARD["street-address"], Literal(street, lang="zh"))
        self.add(address, VCARD.locality, Literal(PLACE.zh, lang="zh"))
        self.add(address, VCARD["country-name"], Literal(PLACE.country))
        if postcode:
            self.add(address, VCARD["postal-code"], Literal(postcode))

    def _add_common(self, subject: URIRef, kind: URIRef) -> None:
        """Add what the catalogue, services and datasets have in common."""
        self.add(subject, RDF.type, kind)
        self.add(subject, DCTERMS.publisher, self.node("publisher"))
        self.add(subject, DCTERMS.license, self.licence)
        if kind != DCAT.DataService:
            # The language of the catalogue is that of its own texts; every dataset has both.
            only = self.catalogue.language if kind == DCAT.Catalog else None
            for code in [LANGUAGES[only]] if only else LANGUAGES.values():
                self.add(subject, DCTERMS.language, URIRef(f"{AUTHORITY}/language/{code}"), DCTERMS.LinguisticSystem)
            self.add(subject, DCTERMS.spatial, self.place)
        if kind != DCAT.Catalog:
            self.add(subject, DCAT.contactPoint, self.node("contact"))
            self.add(subject, DCTERMS.accessRights, PUBLIC, DCTERMS.RightsStatement)
            self.add_url(subject, DCAT.landingPage, "/", FOAF.Document)
            self.add_url(subject, FOAF.page, "/docs", FOAF.Document)

    def _add_theme(self, subject: URIRef, code: str) -> None:
        iri = URIRef(f"{AUTHORITY}/data-theme/{code}")
        self.add_concept(subject, DCAT.theme, iri, *THEMES[code])
        self.add(iri, SKOS.inScheme, DATA_THEMES)

    def add_catalogue(self) -> None:
        catalogue, node = self.catalogue, self.catalogue_node
        self._add_common(node, DCAT.Catalog)
        self.add_bilingual(node, DCTERMS.title, catalogue.title_zh, catalogue.title_en)
        self.add_bilingual(node, DCTERMS.description, *catalogue.descriptions())
        self.add(node, DCTERMS.rights, self.node("rights"))
        self.add_url(node, FOAF.homepage, "/", FOAF.Document)
        self.add(node, DCAT.themeTaxonomy, DATA_THEMES, SKOS.ConceptScheme)
        self.add_bilingual(DATA_THEMES, DCTERMS.title, "数据主题", "Data theme")
        self.add_date(node, DCTERMS.issued, catalogue.issued())
        self.add_date(node, DCTERMS.modified, catalogue.modified())

    def add_services(self) -> None:
        """Add the service for all datasets, and the SDMX service where there are statistics."""
        service, sdmx = self.node("service"), self.node(SDMX)
        self._add_service(service, "/v1", ("接口", "API"), "GOVE", OPENAPI)
        description = "按同一套语法查询所有数据集。", "All datasets by one grammar of queries."
        self.add_bilingual(service, DCTERMS.description, *description)
        self.add_bilingual(service, DCAT.keyword, "应用程序接口", "API")
        if any(statistical_interfaces(entry.dataset) for entry in self.catalogue.entries):
            self._add_service(sdmx, SDMX_PATH, ("SDMX接口", "SDMX API"), "ECON", URIRef(SDMX_REST))
            description = (
                "经济指标的数据和结构，SDMX 2.1。",
                "Data and structures of the economic indicators, SDMX 2.1.",
            )
            self.add_bilingual(sdmx, DCTERMS.description, *description)
            self.add_bilingual(sdmx, DCAT.keyword, "统计", "SDMX")

    def _add_service(self, service: URIRef, path: str, title: tuple[str, str], theme: str, standard: URIRef) -> None:
        """Add what services have in common. The OpenAPI document describes them all."""
        self.add(self.catalogue_node, DCAT.service, service)
        self._add_common(service, DCAT.DataService)
        self.add_bilingual(
            service, DCTERMS.title, f"{self.catalogue.title_zh}{title[0]}", f"{self.catalogue.title_en}: {title[1]}"
        )
        self._add_theme(service, theme)
        self.add(service, DCTERMS.identifier, Literal(str(service)))
        self.add_url(service, DCAT.endpointURL, path)
        self.add_url(service, DCAT.endpointDescription, "/openapi.json")
        self.add(service, DCAT.version, Literal(VERSION))
        self.add(service, DCTERMS.conformsTo, standard, DCTERMS.Standard)

    def add_dataset(self, entry: DatasetEntry) -> None:
        """Add one dataset and its distributions."""
        dataset, stats, node = entry.dataset, entry.stats, self.node(entry.dataset.name)
        self._add_common(node, DCAT.Dataset)
        self.add(self.catalogue_node, DCAT.dataset, node)
        self.add(self.node("service"), DCAT.servesDataset, node)
        self.add_bilingual(node, DCTERMS.title, dataset.title_zh, dataset.title_en)
        self.add_bilingual(node, DCTERMS.description, dataset.description_zh, dataset.description_en)
        for lang, keywords in (("en", dataset.keywords_en), ("zh", dataset.keywords_zh)):
            for keyword in keywords:
                self.add(node, DCAT.keyword, Literal(keyword, lang=lang))
        self._add_theme(node, dataset.theme)
        frequency = URIRef(f"{AUTHORITY}/frequency/{dataset.frequency}")
        self.add(node, DCTERMS.accrualPeriodicity, frequency, DCTERMS.Frequency)
        self.add_bilingual(
            frequency, SKOS.prefLabel, FREQUENCIES[dataset.frequency].zh, FREQUENCIES[dataset.frequency].en
        )
        self.add(node, DCTERMS.identifier, Literal(str(node)))
        own_provenance = dataset.provenance
        provenance = URIRef(f"{node}-provenance") if own_provenance else self.node("provenance")
        self.add(node, DCTERMS.provenance, provenance)
        if own_provenance:
            self._add_statement(provenance, DCTERMS.ProvenanceStatement, *own_provenance)
        self.add(node, DCAT.version, Literal(stats.modified or self.catalogue.revision))
        self.add_date(node, DCTERMS.issued, stats.issued)
        self.add_date(node, DCTERMS.modified, stats.modified)
        self._add_period(node, entry.covered_days)
        for number, name in enumerate(stats.compiled_by, 1):
            maker = URIRef(f"{node}-creator-{number}")
            self.add(node, DCTERMS.creator, maker, FOAF.Agent)
            self.add(maker, FOAF.name, Literal(name, lang="zh"))
            self.add_concept(maker, DCTERMS.type, PUBLISHER_TYPE, "地方政府", "Local authority")
        for path in ("schema", "queryables"):
            self.add_url(node, DCTERMS.conformsTo, f"{entry.path}/{path}", DCTERMS.Standard)
        self._add_api(entry, node)
        for table_format in TABLE_FORMATS.values():
            self._add_download(entry, node, table_format)
        for interface in statistical_interfaces(dataset):
            self._add_interface(entry, node, interface)
        self._add_picture(entry, node)

    def _add_period(self, node: URIRef, days: tuple[str, str] | None) -> None:
        """Add the time that the data is about, where it is known."""
        if days:
            period = URIRef(f"{node}-period")
            self.add(node, DCTERMS.temporal, period, DCTERMS.PeriodOfTime)
            for predicate, day in zip((DCAT.startDate, DCAT.endDate), days, strict=True):
                self.add_date(period, predicate, day)

    def _add_api(self, entry: DatasetEntry, dataset: URIRef) -> None:
        """Add the JSON pages: they have an access URL and a service, but nothing to download as a whole."""
        node = self._add_distribution(entry, dataset, "json", "JSON", "JSON")
        self.add_bilingual(node, DCTERMS.description, "接口，分页返回。", "The API, page by page.")
        self.add_url(node, DCAT.accessURL, entry.path)
        self.add(node, DCAT.accessService, self.node("service"))
        self._add_media_type(node, JSON)

    def _add_download(self, entry: DatasetEntry, dataset: URIRef, table_format: TableFormat) -> None:
        """Add a table format, with the size and the checksum of its file where they are known."""
        node = self._add_distribution(entry, dataset, table_format.name, table_format.title, table_format.file_type)
        self.add_bilingual(node, DCTERMS.description, "全部记录。", "All rows.")
        self.add_url(node, DCAT.accessURL, entry.path)
        self.add_url(node, DCAT.downloadURL, f"{entry.path}{table_format.suffix}")
        if table_format.name == "csv":
            self.add_url(node, DCTERMS.conformsTo, f"{entry.path}{CSVW.suffix}", DCTERMS.Standard)
        if table_format.iana_registered:
            self._add_media_type(node, table_format.media_type)
        self._add_file_size(entry, node, table_format.name)

    def _add_interface(self, entry: DatasetEntry, dataset: URIRef, interface: StatisticalInterface) -> None:
        """Add an interface for statistical tools and the service behind it."""
        node = self._add_distribution(entry, dataset, interface.name, interface.title, interface.file_type)
        description = (
            "统计软件接口，可按参数选择。",
            "An interface for statistical tools, with parameters to choose by.",
        )
        self.add_bilingual(node, DCTERMS.description, *description)
        self.add_url(node, DCAT.accessURL, interface.path)
        service = self.node(SDMX if interface.name == SDMX else "service")
        self.add(node, DCAT.accessService, service)
        self.add(service, DCAT.servesDataset, dataset)
        self.add(node, DCTERMS.conformsTo, URIRef(interface.standard), DCTERMS.Standard)
        if interface.iana_registered:
            self._add_media_type(node, interface.media_type)

    def _add_picture(self, entry: DatasetEntry, dataset: URIRef) -> None:
        """Add the picture, one of many that parameters choose."""
        node = self._add_distribution(entry, dataset, PICTURE.name, PICTURE.title, "SVG")
        self.add_bilingual(node, DCTERMS.description, "图表，可按参数选择。", "A picture, to choose by parameters.")
        self.add_url(node, DCAT.accessURL, entry.picture_path)
        self.add(node, DCAT.accessService, self.node("service"))
        self._add_media_type(node, PICTURE.media_type)

    def _add_distribution(self, entry: DatasetEntry, dataset: URIRef, name: str, title: str, file_type: str) -> URIRef:
        """Add what distributions have in common and return the node."""
        node = URIRef(f"{dataset}.{name}")
        self.add(dataset, DCAT.distribution, node, DCAT.Distribution)
        self.add_bilingual(
            node, DCTERMS.title, f"{entry.dataset.title_zh}（{title}）", f"{entry.dataset.title_en} ({title})"
        )
        code = URIRef(f"{AUTHORITY}/file-type/{file_type}")
        self.add(node, DCTERMS.format, code, DCTERMS.MediaTypeOrExtent)
        self.add(node, DCTERMS.license, self.licence)
        self.add(node, DCTERMS.rights, self.node("rights"))
        self.add_concept(node, DCATAP.availability, AVAILABLE, "可用", "available")
        self.add_date(node, DCTERMS.issued, entry.stats.issued)
        self.add_date(node, DCTERMS.modified, entry.stats.modified)
        return node

    def _add_media_type(self, node: URIRef, media_type: str) -> None:
        """Add a media type by its address at IANA."""
        self.add(node, DCAT.mediaType, URIRef(f"{IANA}/{media_type}"), DCTERMS.MediaType)

    def _add_file_size(self, entry: DatasetEntry, node: URIRef, name: str) -> None:
        """Add the size and the checksum of a distribution, where they are known."""
        file_stats = entry.stats.files.get(name)
        if file_stats:
            checksum = URIRef(f"{node}-checksum")
            size = Literal(str(file_stats.bytes), datatype=XSD.nonNegativeInteger)
            self.add(node, DCAT.byteSize, size)
            self.add(node, SPDX.checksum, checksum, SPDX.Checksum)
            self.add(checksum, SPDX.algorithm, SHA256, SPDX.ChecksumAlgorithm)
            self.add(checksum, SPDX.checksumValue, Literal(file_stats.sha256, datatype=XSD.hexBinary, normalize=False))
