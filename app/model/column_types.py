"""How values are stored: text or 64-bit integers on both databases, nothing else.

Dates and months are ISO 8601 text, decimals are integers in millionths, flags are 0 and 1, lists
are JSON text. So comparison, order and exact sums are the same on SQLite and on Postgres, and a
driver hands out only `str`, `int` and `None`. Text has the "C" collation on Postgres: order by
code point, which is what SQLite does.
"""

import json
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

MILLION = 1_000_000
INT64_MAX = 2**63 - 1


class Stored(sa.types.TypeDecorator[Any]):
    """A column type that also names the kind of value callers see."""

    cache_ok = True
    impl: Any = sa.Text
    kind: ClassVar[str]

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "postgresql" and isinstance(self.impl_instance, sa.Text):
            return dialect.type_descriptor(sa.Text(collation="C"))
        return dialect.type_descriptor(self.impl_instance)


class String(Stored):
    """A name, code, id or title."""

    cache_ok = True
    kind = "string"


class Prose(Stored):
    """Running text and abstracts: searched, never sorted."""

    cache_ok = True
    kind = "prose"


class Integer(Stored):
    """A whole number of at most 64 bits."""

    impl = sa.BigInteger
    cache_ok = True
    kind = "integer"


class Millionths(Stored):
    """An exact decimal of at most six places, stored as its value times a million."""

    impl = sa.BigInteger
    cache_ok = True
    kind = "number"

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else to_millionths(value)


class Flag(Stored):
    """True or false, stored as 1 or 0."""

    impl = sa.BigInteger
    cache_ok = True
    kind = "boolean"

    def process_bind_param(self, value: bool | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else int(value)


class IsoDate(Stored):
    """A calendar day, `YYYY-MM-DD`."""

    cache_ok = True
    kind = "date"

    def process_bind_param(self, value: date | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.isoformat()


class Month(Stored):
    """A month, `YYYY-MM`."""

    cache_ok = True
    kind = "month"


class StringList(Stored):
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
    """The stored form of an exact decimal.

    Raises ValueError when the value has more than six places or does not fit 64 bits.
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
PROSE = Field(sa_type=Prose)
INTEGER = Field(sa_type=Integer)
DECIMAL = Field(sa_type=Millionths)
FLAG = Field(sa_type=Flag)
DATE = Field(sa_type=IsoDate)
MONTH = Field(sa_type=Month)
LIST = Field(sa_type=StringList)
OBJECTS = Field(sa_type=ObjectList)
