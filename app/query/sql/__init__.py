"""Checked queries to SQLAlchemy statements. Nothing here executes one."""
