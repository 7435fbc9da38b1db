"""Text level: normalisation, masking, dates, numbers, slugs, places."""
