"""Databases: the only place that knows one SQL dialect from another."""
