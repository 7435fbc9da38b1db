"""The fields that a filter may name, as a JSON Schema."""

from app.api.cache_headers import current_cache_headers
from app.api.context import AppContext
from app.api.endpoints.common import refuse_parameters
from app.api.schemas.groups import queryables_schema
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.model.rows import to_json

SCHEMA_JSON = "application/schema+json"


async def get_queryables(context: AppContext, dataset: Dataset, query_string: bytes) -> ApiResponse:
    """Return the fields that `filter` may name. Raises Problem (400, 503), NotModified."""
    refuse_parameters(query_string)
    headers = await current_cache_headers(context, None, f"{dataset.name}/queryables", context.today())
    schema = queryables_schema(dataset, f"{context.settings.public_base_url}/v1/{dataset.name}/queryables")
    return ApiResponse(SCHEMA_JSON, to_json(schema).encode(), headers)
