"""How an issue is put together: contents, masthead, documents, annexes, paragraphs."""
