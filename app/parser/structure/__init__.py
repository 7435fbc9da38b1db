"""How an issue is built: masthead, contents list, sections, documents, annexes, paragraphs."""
