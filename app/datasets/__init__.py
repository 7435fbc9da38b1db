"""The datasets in the order of the catalogue. Each has its own module and one line in `DATASETS`."""

from collections.abc import Mapping

from app.datasets.areas import AREAS
from app.datasets.briefs import BRIEFS
from app.datasets.changes import CHANGES
from app.datasets.checks import CHECKS
from app.datasets.commitments import COMMITMENTS
from app.datasets.documents import DOCUMENTS
from app.datasets.events import EVENTS
from app.datasets.indicators import INDICATORS
from app.datasets.issues import ISSUES
from app.datasets.observations import OBSERVATIONS
from app.datasets.provisions import PROVISIONS
from app.datasets.relations import RELATIONS
from app.datasets.uncleared_buildings import UNCLEARED_BUILDINGS
from app.datasets.urban_villages import URBAN_VILLAGES
from app.datasets.village_tasks import VILLAGE_TASKS
from app.datasets.water_sections import WATER_SECTIONS
from app.datasets.water_targets import WATER_TARGETS
from app.datasets.watersheds import WATERSHEDS
from app.model.dataset import Dataset

DATASETS: Mapping[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        ISSUES,
        DOCUMENTS,
        PROVISIONS,
        RELATIONS,
        COMMITMENTS,
        WATER_SECTIONS,
        WATER_TARGETS,
        WATERSHEDS,
        URBAN_VILLAGES,
        VILLAGE_TASKS,
        UNCLEARED_BUILDINGS,
        INDICATORS,
        OBSERVATIONS,
        EVENTS,
        BRIEFS,
        AREAS,
        CHECKS,
        CHANGES,
    )
}
