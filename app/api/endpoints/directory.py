"""The list of datasets, and their data dictionaries."""

from app.api.cache_headers import current_cache_headers
from app.api.context import AppContext
from app.api.endpoints.common import refuse_parameters
from app.datasets import DATASETS
from app.errors import Problem, did_you_mean
from app.http.response import JSON, ApiResponse
from app.model.dataset import Dataset
from app.model.dictionary import data_dictionary
from app.model.rows import to_json
from app.model.values import clip
from app.renderers.site.linkset import dataset_summary


def find_dataset(name: str) -> Dataset:
    """Return the dataset with a name. Raises Problem (404), which suggests the nearest name."""
    dataset = DATASETS.get(name)
    if dataset is None:
        raise Problem(404, f"There is no dataset '{clip(name)}'.{did_you_mean(name, DATASETS)}")
    return dataset


async def list_datasets(context: AppContext, query_string: bytes) -> ApiResponse:
    """Return the list of datasets. Raises Problem (400, 503), NotModified."""
    refuse_parameters(query_string)
    headers = await current_cache_headers(context, None, "/v1", context.today())
    base, totals = context.settings.public_base_url, context.repository.version.totals
    data = [dataset_summary(dataset, base, totals.get(dataset.name, 0)) for dataset in DATASETS.values()]
    return ApiResponse(JSON, to_json({"data": data}).encode(), headers)


async def get_schema(context: AppContext, dataset: Dataset, query_string: bytes) -> ApiResponse:
    """Return the data dictionary of a dataset. Raises Problem (400, 503), NotModified."""
    refuse_parameters(query_string)
    headers = await current_cache_headers(context, None, f"{dataset.name}/schema", context.today())
    return ApiResponse(JSON, to_json({"dataset": dataset.name, "fields": data_dictionary(dataset)}).encode(), headers)
