"""The addresses of the SDMX 2.1 service: its directory, data and schemas, then structures, which match any resource."""

from app.api.endpoints.sdmx import get_availability, get_data, get_directory, get_schema, get_structure
from app.api.routers.endpoint_router import EndpointRouter
from app.api.schemas.sdmx import (
    availability_operations,
    data_operations,
    directory_operation,
    schema_operations,
    structure_operations,
)
from app.renderers.sdmx.errors import SDMX_PATH


def sdmx_router() -> EndpointRouter:
    """Return the router of the SDMX service."""
    router = EndpointRouter(prefix=SDMX_PATH, tags=["sdmx"])
    endpoints = (
        ({"": directory_operation()}, get_directory),
        (schema_operations(), get_schema),
        (availability_operations(), get_availability),
        (data_operations(), get_data),
        (structure_operations(), get_structure),
    )
    for operations, endpoint in endpoints:
        for path, operation in operations.items():
            router.add_endpoint(path, endpoint, **operation)
            # Some clients, pysdmx's among them, end every path in a slash.
            router.add_endpoint(f"{path}/", endpoint, include_in_schema=False)
    return router
