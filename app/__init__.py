"""A city's government gazette as traceable open data."""
