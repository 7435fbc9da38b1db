"""Integrity checks: count again what the gazette declares about itself."""
