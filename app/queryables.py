"""What `queryables` answers."""

from app.answers import refuse_parameters
from app.dataset import Dataset
from app.describe_groups import queryables_schema
from app.desk import Answer, Desk
from app.formats.rows import to_json
from app.validators import revision_headers

SCHEMA_JSON = "application/schema+json"


async def queryables(desk: Desk, dataset: Dataset, query: bytes) -> Answer:
    """The fields that `filter` may name."""
    refuse_parameters(query)
    headers = await revision_headers(desk, None, f"{dataset.name}/queryables", desk.today())
    schema = queryables_schema(dataset, f"{desk.settings.public_base_url}/v1/{dataset.name}/queryables")
    return Answer(SCHEMA_JSON, to_json(schema).encode(), headers)
