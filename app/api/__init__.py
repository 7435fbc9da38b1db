"""Every address of the service: routers, endpoints, schemas, the OpenAPI document."""
