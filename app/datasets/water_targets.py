"""The dataset `water-targets`: dated promises about monitoring sections."""

from typing import Annotated

from app.datasets.commitments import Certainty
from app.datasets.water_sections import WaterClass
from app.model.column_types import INTEGER, STRING
from app.model.dataset import Choice, ColumnInfo, Dataset, DatasetRow


class TargetCommitment(Choice):
    """The kinds of promises."""

    reach = "reach", "提升到", "Reach the class"
    hold = "hold", "稳定保持", "Hold the class"
    eliminate_V = "eliminate_V", "消除Ⅴ类", "Leave class V behind"


class WaterTarget(DatasetRow, table=True):
    """A promise from the text of the plan. `target_class` is null for `eliminate_V`."""

    __tablename__ = "water_targets"

    document_id: Annotated[str, STRING, ColumnInfo("公文", "Document", references="documents")]
    provision_id: Annotated[str, STRING, ColumnInfo("条款", "Provision", references="provisions")]
    section_id: Annotated[str, STRING, ColumnInfo("断面", "Section", references="water-sections")]
    year_from: Annotated[int | None, INTEGER, ColumnInfo("起始年份", "From year")]
    year_to: Annotated[int | None, INTEGER, ColumnInfo("截止年份", "To year")]
    target_class: Annotated[str | None, STRING, ColumnInfo("水质目标", "Target class", enum=WaterClass)]
    commitment: Annotated[str, STRING, ColumnInfo("承诺", "Commitment", enum=TargetCommitment)]
    certainty: Annotated[str, STRING, ColumnInfo("确定性", "Certainty", enum=Certainty)]


WATER_TARGETS = Dataset(
    name="water-targets",
    model=WaterTarget,
    title_zh="断面水质目标",
    title_en="Water-quality targets",
    description_zh="各断面在何年达到、保持或消除何类水质的目标。",
    description_en="Which section is to reach, hold or leave which class by which year.",
    keywords_zh=("水质目标", "断面", "水环境治理"),
    keywords_en=("water quality", "targets", "water management"),
    theme="ENVI",
    frequency="IRREG",
    coverage_fields=("year_from", "year_to"),
    order=("document_id", "row_line"),
    search_fields=("section_id",),
    table_fields=("section_id", "commitment", "target_class", "year_from", "year_to", "certainty", "provision_id"),
    facet_fields=("commitment", "target_class", "year_to", "certainty"),
)
