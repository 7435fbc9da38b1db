"""A city's government gazette as traceable open data."""

__version__ = "0.1.0"
