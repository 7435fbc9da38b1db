"""The news of an issue: the diary, briefs, the catalogue of documents and the imprint."""
