"""Endpoints: a context and a query in, an `ApiResponse` out."""
