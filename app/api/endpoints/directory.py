"""The list of datasets and their schemas."""

from app.api.cache_headers import revision_headers
from app.api.context import Desk
from app.api.endpoints.common import refuse_parameters
from app.datasets import DATASETS
from app.errors import Problem, nearest
from app.http.result import JSON, Answer
from app.model.dataset import Dataset
from app.model.dictionary import dictionary
from app.model.rows import to_json
from app.model.values import clip
from app.renderers.site.dataset_entry import entry


def find_dataset(name: str) -> Dataset:
    """The dataset of that name; raises Problem (404) with the nearest one."""
    dataset = DATASETS.get(name)
    if dataset is None:
        raise Problem(404, f"There is no dataset '{clip(name)}'.{nearest(name, DATASETS)}")
    return dataset


async def list_datasets(desk: Desk, query: bytes) -> Answer:
    """The list of datasets."""
    refuse_parameters(query)
    headers = await revision_headers(desk, None, "/v1", desk.today())
    base, totals = desk.settings.public_base_url, desk.store.state.totals
    data = [entry(dataset, base, totals.get(dataset.name, 0)) for dataset in DATASETS.values()]
    return Answer(JSON, to_json({"data": data}).encode(), headers)


async def get_schema(desk: Desk, dataset: Dataset, query: bytes) -> Answer:
    """The data dictionary of a dataset."""
    refuse_parameters(query)
    headers = await revision_headers(desk, None, f"{dataset.name}/schema", desk.today())
    return Answer(JSON, to_json({"dataset": dataset.name, "fields": dictionary(dataset)}).encode(), headers)
