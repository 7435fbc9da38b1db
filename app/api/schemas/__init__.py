"""JSON Schemas and operation descriptions, derived from the dataset declarations."""
