"""Full-text queries: tokens, expressions, highlights."""
