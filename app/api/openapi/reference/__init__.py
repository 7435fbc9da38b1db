"""The chapters of openapi.md."""
