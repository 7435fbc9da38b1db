"""Slugs."""

from app.parser.text.slugs import slug, unique_id


def test_a_repeated_slug_gets_a_number() -> None:
    taken: dict[str, int] = {}
    assert [unique_id(slug("柳桥"), taken) for _ in range(3)] == ["liuqiao", "liuqiao-2", "liuqiao-3"]
