"""The dataset `checks`: recounts of numbers that the gazette declares."""

from decimal import Decimal
from typing import Annotated

from app.model.column_types import DECIMAL, STRING
from app.model.dataset import Choice, ColumnInfo, Dataset, DatasetRow


class CheckStatus(Choice):
    """Whether the count equals the number that the gazette declares."""

    passed = "pass", "通过", "Pass"
    failed = "fail", "不符", "Fail"


class Check(DatasetRow, table=True):
    """A recount. `rule` is a query of this service, also with the least number of rows (`… >= 41`), or two queries
    whose results must be the same.

    `acknowledged` says why a failure is known, and since which day; it is null when the check passes or fails in
    another way. `row_acknowledgement` is the acknowledgement as JSON, with the failure that it is about.
    """

    __tablename__ = "checks"

    subject: Annotated[str, STRING, ColumnInfo("对象", "Subject", remark=True)]
    rule: Annotated[str, STRING, ColumnInfo("规则", "Rule")]
    declared: Annotated[Decimal | None, DECIMAL, ColumnInfo("公布数", "Declared")]
    counted: Annotated[Decimal | None, DECIMAL, ColumnInfo("实计数", "Counted")]
    status: Annotated[str | None, STRING, ColumnInfo("结果", "Status", enum=CheckStatus)]
    acknowledged: Annotated[str | None, STRING, ColumnInfo("已知原因", "Why the failure is known", editorial=True)]
    detail: Annotated[str | None, STRING, ColumnInfo("说明", "Detail", remark=True)]
    row_acknowledgement: Annotated[str | None, STRING]


CHECKS = Dataset(
    name="checks",
    model=Check,
    title_zh="核对",
    title_en="Integrity checks",
    description_zh="对公报自述数字的重新核对，不符的也予公布。",
    description_en="What the gazette declares about itself, counted again; a failing check is published.",
    keywords_zh=("数据质量", "核对"),
    keywords_en=("data quality", "integrity checks"),
    theme="GOVE",
    order=("row_issue", "row_line"),
    search_fields=("subject", "rule", "detail"),
    table_fields=("subject", "declared", "counted", "status", "acknowledged", "detail"),
    facet_fields=("status",),
    provenance=(
        "由本服务核对；每条记录的“来源”注明公报公布该数之处。",
        "Counted by this service; each row's `source` names where the gazette declares the number.",
    ),
)
