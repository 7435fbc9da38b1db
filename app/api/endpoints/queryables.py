"""What `queryables` answers."""

from app.api.cache_headers import revision_headers
from app.api.context import Desk
from app.api.endpoints.common import refuse_parameters
from app.api.schemas.groups import queryables_schema
from app.http.result import Answer
from app.model.dataset import Dataset
from app.model.rows import to_json

SCHEMA_JSON = "application/schema+json"


async def queryables(desk: Desk, dataset: Dataset, query: bytes) -> Answer:
    """The fields that `filter` may name."""
    refuse_parameters(query)
    headers = await revision_headers(desk, None, f"{dataset.name}/queryables", desk.today())
    schema = queryables_schema(dataset, f"{desk.settings.public_base_url}/v1/{dataset.name}/queryables")
    return Answer(SCHEMA_JSON, to_json(schema).encode(), headers)
