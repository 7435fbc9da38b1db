"""The columns of a dataset's CSV as the describing formats need them."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.model.dataset import Choice, Dataset
from app.renderers.tabular.formats import kind_of, label_zh


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the CSV form: where it comes from, what its cells hold."""

    name: str
    kind: str
    zh: str
    en: str
    unit: str | None = None
    enum: type[Choice] | None = None
    required: bool = False
    """No cell is empty."""
    references: str | None = None
    """The dataset whose id every cell holds."""
    editorial: bool = False


def columns_of(dataset: Dataset) -> Iterator[Column]:
    """Every column, in the order of the file."""
    for name in dataset.flat_columns:
        kind, zh = kind_of(dataset, name), label_zh(dataset, name)
        outer, dot, inner = name.partition(".")
        if dot:
            en = f"Source: {inner}" if outer == "source" else f"{dataset.by_name[inner].fact.en}, as printed"
            yield Column(name, kind, zh, en)
            continue
        spec = dataset.by_name[outer]
        fact, many = spec.fact, kind in ("list", "objects")
        target = None if many else fact.references
        required = not spec.nullable and not many
        yield Column(name, kind, zh, fact.en, fact.unit, fact.enum, required, target, fact.editorial)


GUARD = (
    "Text that would begin like a formula has a leading apostrophe: take one off every cell that begins "
    "with an apostrophe behind which, after any further ones, =, +, -, @, tab or CR follows."
)
"""What a reader of the CSV must know."""
