"""Values from Postgres' COPY."""

from hypothesis import given
from hypothesis import strategies as st

from app.db.postgres_copy import unescape

HOSTILE = [
    "=1+1",
    "+86",
    "-x",
    "@SUM(A1)",
    "\tx",
    "http://example.org",
    "'=x",
    "a\r\nb",
    '"q",;',
    "NA",
    "null",
    "中\U0001f600",
]
"""Texts that one reader or another takes for something else."""

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1) | st.sampled_from(
    HOSTILE
)


@given(texts=st.lists(TEXTS | st.sampled_from(["a\\", "\\r", "\\n\r\n", "\\\r"]), min_size=1))
def test_copied_values_are_unescaped(texts: list[str]) -> None:
    meant = {8: rb"\b", 9: rb"\t", 10: rb"\n", 11: rb"\v", 12: rb"\f", 13: rb"\r", 92: rb"\\"}
    values = [f"{text}\r\n".encode() for text in texts]
    escaped = [b"".join(meant.get(byte, bytes([byte])) for byte in value) + b"\n" for value in values]
    assert unescape(b"".join(escaped)) == b"".join(values)
