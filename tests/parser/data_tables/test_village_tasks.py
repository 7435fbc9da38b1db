"""Tables of village tasks."""

from __future__ import annotations

from app.parser.data_tables import urban_villages, village_tasks
from app.parser.table_dispatch import extract_table
from app.parser.tables.table_kind import KnownRows
from tests.support.invented_lines import context, is_accounted, lines
from tests.support.invented_tables import DOCUMENT, LIST

PLAN = """
## 2022年云州市旧村改造计划清单
序号|所属区|所属街道|所属行政村|任务类别|改造计划|年度任务
1|东溪区|柳塘街道|上河|行政村|拆迁|完成签约
2|海新产业集聚区|江湾街道|沙头|区块|拆迁|完成拆除
3|西岭区|松桥街道|未列村|片区|拆迁|完成签约
"""


def test_tasks_refer_to_the_list() -> None:
    known = KnownRows()
    known.add_rows(extract_table(urban_villages.KIND, lines(LIST), context(), known).rows)
    source = lines(PLAN, first=50)
    reading = extract_table(village_tasks.KIND, source, context(), known)
    first, second, third = reading.rows
    assert (first.id, first.fields["village_id"]) == (f"{DOCUMENT}.2022-01", f"{DOCUMENT}.dongxi-01")
    assert (second.fields["unit_type"], second.fields["task"]) == ("block", "complete_demolition")
    assert (third.fields["village_id"], third.fields["unit_type"]) == (None, None)
    assert third.notes is not None
    assert reading.declared[0].rule == (
        f"village-tasks?document_id={DOCUMENT}&year=2022#village_id"
        f" = urban-villages?document_id={DOCUMENT}&year_from=2022#id"
    )
    assert is_accounted(reading, source)
