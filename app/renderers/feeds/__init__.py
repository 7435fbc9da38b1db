"""What is new, as feeds: pure renderers, rows in, Atom and JSON Feed out."""
