"""Statistics as statisticians read them: SDMX 2.1 and JSON-stat 2.0. Values in, bytes out; no I/O, no clock."""
