"""Citations of rows: GB/T 7714, BibTeX, RIS and CSL-JSON."""
