"""What single lines and words are: normalised text, masked names, dates, numbers, slugs, places."""
