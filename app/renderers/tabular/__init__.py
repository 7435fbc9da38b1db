"""Writers: rows in, bytes out. They know nothing of HTTP and nothing of SQL."""
