"""Rows of tables are kept for one revision of the data, and in bounded memory."""

from app.api.table_row_cache import MAX_BYTES, TableRowCache
from app.renderers.site.cells import TableRow

ROW = TableRow("<tr><td>蒲岐</td>", "", "<td></td></tr>")


def test_a_row_is_known_to_its_table_until_the_data_changes() -> None:
    cache = TableRowCache()
    cache.add(cache.of_table("1", ("villages", "zh")), b"{}", ROW)
    assert cache.of_table("1", ("villages", "zh")) == {b"{}": ROW}
    assert cache.of_table("1", ("villages", "en")) == {}
    assert cache.of_table("2", ("villages", "zh")) == {}


def test_rows_are_forgotten_before_they_take_too_much_memory() -> None:
    cache = TableRowCache()
    known = cache.of_table("1", "villages")
    cache.add(known, b"x" * MAX_BYTES, ROW)
    assert cache.of_table("1", "villages") == {}
