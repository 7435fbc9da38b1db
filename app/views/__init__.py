"""What each audience already reads, as views over the query layer: one module an audience, each with its router."""
