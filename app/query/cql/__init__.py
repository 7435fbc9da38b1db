"""CQL2 text filters."""
