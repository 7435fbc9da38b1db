"""The dataset `documents`: official documents, with their status on a given day."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa

from app.model.column_types import BOOLEAN, DATE, INTEGER, LONG_TEXT, OBJECTS, STRING, IsoDate, String
from app.model.dataset import AsOfView, Choice, ColumnInfo, Dataset, DatasetRow, FieldSpec, ViewClause, ViewOption


class DocumentType(Choice):
    """Kinds of official documents (Regulations on the Handling of Official Documents, 2012, article 8, and others)."""

    notice = "notice", "通知", "Notice"
    opinions = "opinions", "意见", "Opinions"
    measures = "measures", "办法", "Measures"
    provisions = "provisions", "规定", "Provisions"
    regulations = "regulations", "条例", "Regulations"
    rules = "rules", "细则", "Rules"
    plan = "plan", "方案", "Plan"
    decision = "decision", "决定", "Decision"
    resolution = "resolution", "决议", "Resolution"
    order = "order", "令", "Order"
    announcement = "announcement", "公告", "Announcement"
    public_notice = "public_notice", "通告", "Public notice"
    bulletin = "bulletin", "公报", "Bulletin"
    circular = "circular", "通报", "Circular"
    report = "report", "报告", "Report"
    request = "request", "请示", "Request for instructions"
    reply = "reply", "批复", "Reply"
    motion = "motion", "议案", "Motion"
    letter = "letter", "函", "Letter"
    minutes = "minutes", "纪要", "Minutes"
    other = "other", "其他", "Other"


class DocumentStatus(Choice):
    """The legal status of a document on a given day."""

    not_yet_in_force = "not_yet_in_force", "尚未生效", "Not yet in force"
    in_force = "in_force", "有效", "In force"
    expired = "expired", "已失效", "Expired"
    repealed = "repealed", "已废止", "Repealed"
    unknown = "unknown", "未载明", "Unknown"


class Document(DatasetRow, table=True):
    """A document. `row_repealed_on` is the day from which another document in the data repeals it."""

    __tablename__ = "documents"

    document_number: Annotated[str | None, STRING, ColumnInfo("发文字号", "Document number", official_number=True)]
    title: Annotated[str, STRING, ColumnInfo("标题", "Title")]
    document_type: Annotated[str, STRING, ColumnInfo("文种", "Document type", enum=DocumentType)]
    issuer: Annotated[str | None, STRING, ColumnInfo("发文机关", "Issuer")]
    section: Annotated[str | None, STRING, ColumnInfo("栏目", "Section")]
    signed_on: Annotated[dt.date | None, DATE, ColumnInfo("成文日期", "Signed on")]
    published_on: Annotated[dt.date, DATE, ColumnInfo("公报出版日期", "Published on")]
    effective_on: Annotated[dt.date | None, DATE, ColumnInfo("施行日期", "Effective on")]
    expires_on: Annotated[dt.date | None, DATE, ColumnInfo("有效期截止日", "Last day in force")]
    registration_number: Annotated[
        str | None, STRING, ColumnInfo("规范性文件统一编号", "Registration number", official_number=True)
    ]
    is_normative: Annotated[bool, BOOLEAN, ColumnInfo("行政规范性文件", "Normative document")]
    abstract_zh: Annotated[str | None, LONG_TEXT, ColumnInfo("摘要", "Abstract (Chinese)", editorial=True)]
    abstract_en: Annotated[str | None, LONG_TEXT, ColumnInfo("英文摘要", "Abstract (English)", editorial=True)]
    page_from: Annotated[int | None, INTEGER, ColumnInfo("起始页", "First page")]
    page_to: Annotated[int | None, INTEGER, ColumnInfo("终止页", "Last page")]
    annexes: Annotated[
        list[dict[str, Any]],
        OBJECTS,
        ColumnInfo(
            "附件",
            "Annexes",
            members=("number", "title", "held"),
            member_kinds={"number": "integer", "held": "boolean"},
        ),
    ]
    body: Annotated[str | None, LONG_TEXT, ColumnInfo("正文", "Full text")]
    row_repealed_on: Annotated[dt.date | None, DATE]


def build_status_clause(options: Mapping[str, str]) -> ViewClause:  # noqa: ARG001
    """Return the clause that computes `status` on the day bound as `on`, and tells that day as `status_on`.

    `expires_on` is the last day in force, a repeal takes effect on its own day, and the earlier of the two decides.
    """
    table = Document.__table__  # type: ignore[attr-defined]  # SQLModel sets it on tables
    on = sa.bindparam("on", type_=IsoDate())
    repealed, expires, effective = table.c.row_repealed_on, table.c.expires_on, table.c.effective_on
    code = {member: sa.literal(member.value, String()) for member in DocumentStatus}
    status = sa.case(
        (sa.and_(repealed <= on, sa.or_(expires.is_(None), repealed <= expires)), code[DocumentStatus.repealed]),
        (expires < on, code[DocumentStatus.expired]),
        (effective.is_(None), code[DocumentStatus.unknown]),
        (effective > on, code[DocumentStatus.not_yet_in_force]),
        else_=code[DocumentStatus.in_force],
    )
    return ViewClause(computed={"status": status, "status_on": sa.cast(on, sa.Text())})


DOCUMENTS = Dataset(
    name="documents",
    model=Document,
    title_zh="公文",
    title_en="Official documents",
    description_zh="公报刊登的公文，含成文、施行、失效日期以及指定日期的效力状态。",
    description_en="Official documents with dates of signature, effect and expiry, and their status on a day.",
    keywords_zh=("公文", "行政规范性文件", "政策文件", "效力状态"),
    keywords_en=("official documents", "regulations", "policy", "legal status"),
    theme="JUST",
    coverage_fields=("signed_on", "published_on"),
    order=("-published_on", "row_line"),
    search_fields=("title", "document_number", "abstract_zh", "abstract_en", "issuer", "body"),
    table_fields=(
        "title",
        "document_number",
        "document_type",
        "issuer",
        "signed_on",
        "effective_on",
        "expires_on",
        "status",
    ),
    facet_fields=("document_type", "issuer", "section", "status", "is_normative"),
    as_of_view=AsOfView(
        options=(
            ViewOption(
                "on",
                "date",
                "The day for which `status` is told; today in Asia/Shanghai when absent. `status_on` says it.",
            ),
        ),
        build_clause=build_status_clause,
        computed=(
            FieldSpec("status", "string", False, ColumnInfo("效力状态", "Status", enum=DocumentStatus)),
            FieldSpec("status_on", "date", False, ColumnInfo("效力状态日期", "Day of the status", queryable=False)),
        ),
        insert_after="is_normative",
        today_option="on",
    ),
)
