"""The query grammar: parameters in, a checked `Ask` and an SQL `Select` out. Nothing here touches a database."""
