"""The OpenAPI document, its examples, `/docs` and openapi.md."""
