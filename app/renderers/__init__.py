"""Renderers: rows in, bytes out. No I/O, no clock, no HTTP."""
