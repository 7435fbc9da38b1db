"""Reads data packages and gazette texts, checks them, and writes them to the database in one transaction."""
