"""Documents as legal XML and rows as citations: pure renderers, records in, text out."""
