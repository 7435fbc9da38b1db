"""The columns of a dataset's CSV, as the formats that describe it need them."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.model.dataset import Choice, Dataset
from app.renderers.catalog.vocabularies import Label
from app.renderers.tabular.export_spec import column_kind, column_label_zh


@dataclass(frozen=True, slots=True)
class CsvColumn:
    """One column of the CSV: where it comes from and what its cells hold."""

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


def csv_columns(dataset: Dataset) -> Iterator[CsvColumn]:
    """Yield every column, in the order of the file."""
    for name in dataset.flat_columns:
        kind, zh = column_kind(dataset, name), column_label_zh(dataset, name)
        outer, dot, inner = name.partition(".")
        if dot:
            en = (
                f"Source: {inner}"
                if outer == "source"
                else f"{dataset.fields_by_name[inner].info.label_en}, as printed"
            )
            yield CsvColumn(name, kind, zh, en)
            continue
        spec = dataset.fields_by_name[outer]
        info, is_list = spec.info, kind in ("list", "objects")
        target = None if is_list else info.references
        required = not spec.nullable and not is_list
        yield CsvColumn(name, kind, zh, info.label_en, info.unit, info.enum, required, target, info.editorial)


FORMULA_ESCAPE_NOTE = Label(
    "会被表格软件当作公式的文本前有一个单引号：凡以单引号开头，其后（可再有单引号）为=、+、-、@（半角或全角）、制表符、回车或换行的"
    "单元格，去掉一个单引号即为原文。",
    "Text that would begin like a formula has a leading apostrophe: take one off every cell that begins "
    "with an apostrophe behind which, after any further ones, =, +, -, @ (of either width), tab, CR or LF follows.",
)
"""What a reader of the CSV must know about escaped formulas."""
