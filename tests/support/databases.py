"""Databases of the tests' Postgres server."""

import psycopg
from psycopg import sql


def new_database(server: str, name: str, template: str = "template0") -> str:
    """Create a database as a copy of another and return its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        connection.execute(statement)
    return with_database(server, name)


def drop_database(server: str, name: str) -> None:
    """Drop a database, and end the connections to it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def with_database(server: str, name: str) -> str:
    """Return a server's address with another database."""
    before, mark, after = server.partition("?")
    return f"{before.rsplit('/', 1)[0]}/{name}{mark}{after}"
