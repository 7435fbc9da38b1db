"""Statistics for statistical tools: SDMX 2.1 and JSON-stat 2.0. Queries in, bytes out."""
