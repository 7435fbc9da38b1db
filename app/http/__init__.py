"""HTTP at the ASGI level. Nothing here knows a dataset."""
