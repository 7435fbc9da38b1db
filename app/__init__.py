"""A city's government gazette as traceable open data."""

__version__ = "0.1.0"
__api_version__ = "1.0.0"
"""What callers rely on (semver): its first number stands in every address, the second grows when something is added."""
