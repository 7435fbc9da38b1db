"""Diary, briefs, the catalogue of documents and the imprint."""
