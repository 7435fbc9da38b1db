"""The full-text index after migrations and loads."""

from typing import Any

import sqlalchemy as sa
from alembic import command

from app.db.engine import migration_config, open_engine
from app.ingest.fulltext_indexing import index_all_rows
from tests.support import packages
from tests.support.searches import everywhere, found
from tests.support.service import client_for


def test_an_unindexed_database_is_indexed_completely(writable_url: str) -> None:
    kept = "SELECT dataset, row_id, title, text, title_units, names FROM search_rows ORDER BY dataset, row_id"
    before = packages.fetch(writable_url, kept)
    with open_engine(writable_url) as engine, engine.begin() as connection:
        for table in ("search_rows", "search_index"):
            connection.execute(sa.text(f"DELETE FROM {table}"))
        index_all_rows(connection)
    assert packages.fetch(writable_url, kept) == before
    with client_for(writable_url) as client:
        assert len(found(client, "urban-villages", q="ouhai")) == 25


def test_the_migrations_match_the_tables(empty_url: str) -> None:
    config = migration_config()
    with open_engine(empty_url) as engine, engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_a_load_updates_the_index(empty_url: str, tmp_path: Any) -> None:
    content = packages.tables()
    packages.load(empty_url, packages.write(tmp_path / "one", content))
    content["indicators"][0]["name_zh"] = "鸭蛋"
    with client_for(empty_url) as client:
        assert found(client, "indicators", q="鸡蛋") == ["eggs"]
        packages.load(empty_url, packages.write(tmp_path / "two", content))
    with client_for(empty_url) as client:
        assert found(client, "indicators", q="鸡蛋") == []
        assert found(client, "indicators", q="鸭蛋") == ["eggs"]
        assert everywhere(client, q="鸡蛋 OR 鸭蛋", dataset="indicators")["meta"]["total"] == 1
    stored = packages.fetch(empty_url, "SELECT count(*) FROM search_rows")
    assert stored == packages.fetch(empty_url, "SELECT count(*) FROM search_index")
