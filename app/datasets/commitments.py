"""The dataset `commitments`: figures, duties and deadlines that provisions set."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from app.model.column_types import DATE, DECIMAL, LIST, STRING
from app.model.dataset import Choice, ColumnInfo, Dataset, DatasetRow


class CommitmentKind(Choice):
    """The kinds of commitments."""

    target = "target", "目标", "Target"
    amount = "amount", "金额", "Amount"
    rate = "rate", "比例", "Rate"
    deadline = "deadline", "期限", "Deadline"
    threshold = "threshold", "限值", "Threshold"


class Comparator(Choice):
    """How an actual figure must compare with `value`."""

    eq = "eq", "等于", "Exactly"
    gte = "gte", "不少于", "At least"
    lte = "lte", "不超过", "At most"
    range = "range", "区间", "From … to"


class Certainty(Choice):
    """How firm a promise is."""

    firm = "firm", "确定", "Firm"
    strive = "strive", "力争", "To be striven for"


class Commitment(DatasetRow, table=True):
    """A promise with its deadline. `due_from` and `due_to` are null where no date is printed."""

    __tablename__ = "commitments"

    document_id: Annotated[str, STRING, ColumnInfo("公文", "Document", references="documents")]
    provision_id: Annotated[str, STRING, ColumnInfo("条款", "Provision", references="provisions")]
    kind: Annotated[str, STRING, ColumnInfo("类型", "Kind", enum=CommitmentKind)]
    subject_zh: Annotated[str | None, STRING, ColumnInfo("事项", "Subject (Chinese)")]
    subject_en: Annotated[str | None, STRING, ColumnInfo("事项英文", "Subject (English)", editorial=True)]
    comparator: Annotated[str | None, STRING, ColumnInfo("比较", "Comparator", enum=Comparator)]
    value: Annotated[Decimal | None, DECIMAL, ColumnInfo("数值", "Value", unit_by="unit")]
    value_to: Annotated[Decimal | None, DECIMAL, ColumnInfo("数值上限", "Upper value", unit_by="unit")]
    unit: Annotated[str | None, STRING, ColumnInfo("单位", "Unit")]
    due_from: Annotated[dt.date | None, DATE, ColumnInfo("起始日", "Due from")]
    due_to: Annotated[dt.date | None, DATE, ColumnInfo("截止日", "Due by")]
    certainty: Annotated[str, STRING, ColumnInfo("确定性", "Certainty", enum=Certainty)]
    responsible: Annotated[list[str], LIST, ColumnInfo("责任单位", "Responsible bodies")]


COMMITMENTS = Dataset(
    name="commitments",
    model=Commitment,
    title_zh="承诺事项",
    title_en="Commitments",
    description_zh="公文条款规定的指标、金额、比例、期限和限值：谁承诺在何时做到什么。",
    description_en="Figures, duties and deadlines that provisions set: who promised what by when.",
    keywords_zh=("承诺", "目标", "期限", "责任单位"),
    keywords_en=("commitments", "targets", "deadlines", "accountability"),
    theme="GOVE",
    coverage_fields=("due_from", "due_to"),
    order=("document_id", "row_line"),
    search_fields=("subject_zh", "subject_en", "responsible", "unit"),
    table_fields=(
        "subject_zh",
        "comparator",
        "value",
        "value_to",
        "unit",
        "due_to",
        "certainty",
        "responsible",
        "document_id",
    ),
    facet_fields=("kind", "document_id", "certainty", "responsible"),
)
