"""Column types: both databases store text and 64-bit integers, nothing else.

Dates and months are ISO 8601 text, decimals are integers in millionths, booleans are 0 and 1, lists
are JSON text. Comparison, order and exact sums are therefore the same on SQLite and on Postgres, and
the drivers return only `str`, `int` and `None`. On Postgres text has the "C" collation, which orders
by code point as SQLite does.
"""

import json
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

MILLION = 1_000_000
INT64_MAX = 2**63 - 1


class StoredType(sa.types.TypeDecorator[Any]):
    """A column type that also names the kind of value that callers see."""

    cache_ok = True
    impl: Any = sa.Text
    kind: ClassVar[str]

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "postgresql" and isinstance(self.impl_instance, sa.Text):
            return dialect.type_descriptor(sa.Text(collation="C"))
        return dialect.type_descriptor(self.impl_instance)


class String(StoredType):
    """A name, code, id or title."""

    cache_ok = True
    kind = "string"


class LongText(StoredType):
    """Running text, such as abstracts: it can be searched, but not sorted by."""

    cache_ok = True
    kind = "prose"


class Integer(StoredType):
    """An integer of at most 64 bits."""

    impl = sa.BigInteger
    cache_ok = True
    kind = "integer"


class ScaledDecimal(StoredType):
    """An exact decimal with at most six places, stored as an integer in millionths."""

    impl = sa.BigInteger
    cache_ok = True
    kind = "number"

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else to_millionths(value)


class Boolean(StoredType):
    """A boolean, stored as 1 or 0."""

    impl = sa.BigInteger
    cache_ok = True
    kind = "boolean"

    def process_bind_param(self, value: bool | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else int(value)


class IsoDate(StoredType):
    """A calendar day, `YYYY-MM-DD`."""

    cache_ok = True
    kind = "date"

    def process_bind_param(self, value: date | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.isoformat()


class Month(StoredType):
    """A month, `YYYY-MM`."""

    cache_ok = True
    kind = "month"


class StringList(StoredType):
    """A list of strings."""

    cache_ok = True
    kind = "list"

    def process_bind_param(self, value: list[Any] | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


class ObjectList(StringList):
    """A list of objects."""

    cache_ok = True
    kind = "objects"


def to_millionths(value: Decimal) -> int:
    """Return an exact decimal in millionths, as it is stored.

    Raises ValueError when the value has more than six decimal places or does not fit 64 bits.
    """
    if not value.is_finite() or value.adjusted() > 13:
        raise ValueError("beyond the range of ±9,223,372,036,854.775807")
    scaled = value.scaleb(6)
    if scaled != scaled.to_integral_value():
        raise ValueError("more than six decimal places")
    if abs(scaled) > INT64_MAX:
        raise ValueError("beyond the range of ±9,223,372,036,854.775807")
    return int(scaled)


KEY = Field(sa_type=String, primary_key=True)
STRING = Field(sa_type=String)
LONG_TEXT = Field(sa_type=LongText)
INTEGER = Field(sa_type=Integer)
DECIMAL = Field(sa_type=ScaledDecimal)
BOOLEAN = Field(sa_type=Boolean)
DATE = Field(sa_type=IsoDate)
MONTH = Field(sa_type=Month)
LIST = Field(sa_type=StringList)
OBJECTS = Field(sa_type=ObjectList)
