"""What the text of a document says: provisions, relations, commitments, targets."""
