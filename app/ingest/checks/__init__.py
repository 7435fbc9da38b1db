"""Integrity checks: recount what the gazette declares about its own data."""
