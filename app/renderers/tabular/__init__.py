"""Exports: writers of CSV, NDJSON, XLSX and Parquet. They know no HTTP and no SQL."""
