"""Data in: packages are read and checked, compared with what is stored, and written in one transaction."""
