"""CSV answers: UTF-8, RFC 4180, every matching row."""

from collections.abc import Sequence

from app.model.dataset import Dataset
from app.model.rows import Record, csv_text, flat, from_json, guarded
from app.renderers.tabular.formats import Plan, heading

BOM = b"\xef\xbb\xbf"


class CsvWriter:
    """Hands out the lines rendered at load where a plan wants just those, else makes them anew."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        perspective = plan.dataset.perspective
        computed = perspective is not None and bool(perspective.computed)
        anew = plan.anew or plan.members is not None or plan.lang == "zh" or computed
        self.form = "row_json" if anew else "row_csv"

    def head(self) -> bytes:
        """The heading, behind the mark that Excel wants where it is asked for."""
        return (BOM if self.plan.bom else b"") + csv_text([heading(self.plan)]).encode()

    def piece(self, rows: Sequence[bytes]) -> bytes:
        """The lines of some rows."""
        return b"".join(rows) if self.form == "row_csv" else self._lines(rows).encode()

    def _lines(self, rows: Sequence[bytes]) -> str:
        records = (shown(self.plan, from_json(row)) for row in rows)
        return csv_text([guarded(cell) for cell in flat(record, self.plan.columns)] for record in records)


def shown(plan: Plan, record: Record) -> Record:
    """A record in a plan's language."""
    return translated(plan.dataset, record) if plan.lang == "zh" else record


def translated(dataset: Dataset, record: Record) -> Record:
    """A record whose enumeration codes are replaced by their Chinese labels."""
    labels = {
        spec.name: next(member.label_zh for member in spec.fact.enum if member.value == record[spec.name])
        for spec in dataset.fields
        if spec.fact.enum and record.get(spec.name) is not None
    }
    return record | labels
