"""The dataset `areas`: administrative divisions and functional zones."""

import datetime as dt
from typing import Annotated

from app.model.column_types import DATE, STRING
from app.model.dataset import Choice, ColumnInfo, Dataset, DatasetRow


class AreaLevel(Choice):
    """The levels of administrative divisions, and functional zones, which are not administrative divisions."""

    city = "city", "地级市", "City"
    district = "district", "市辖区", "District"
    county = "county", "县", "County"
    county_level_city = "county_level_city", "县级市", "County-level city"
    street = "street", "街道", "Street"
    town = "town", "乡镇", "Town or township"
    functional_zone = "functional_zone", "功能区", "Functional zone"


class Area(DatasetRow, table=True):
    """An area. `code` is its code in GB/T 2260 (nine digits for townships), null for functional zones."""

    __tablename__ = "areas"

    name_zh: Annotated[str, STRING, ColumnInfo("名称", "Name (Chinese)")]
    name_en: Annotated[str | None, STRING, ColumnInfo("英文名称", "Name (English)", editorial=True)]
    code: Annotated[str | None, STRING, ColumnInfo("代码", "Code")]
    level: Annotated[str, STRING, ColumnInfo("级别", "Level", enum=AreaLevel)]
    parent_id: Annotated[str | None, STRING, ColumnInfo("上级", "Parent", references="areas")]
    valid_from: Annotated[dt.date | None, DATE, ColumnInfo("有效起始", "Valid from")]
    valid_to: Annotated[dt.date | None, DATE, ColumnInfo("有效截止", "Valid to")]
    reported_within: Annotated[str | None, STRING, ColumnInfo("统计归属", "Reported within", references="areas")]


AREAS = Dataset(
    name="areas",
    model=Area,
    title_zh="地区",
    title_en="Areas",
    description_zh="行政区划及其代码，以及不属于行政区划的功能区。",
    description_en="Administrative areas with their official codes, and functional zones.",
    keywords_zh=("行政区划", "区划代码", "功能区"),
    keywords_en=("administrative areas", "area codes", "functional zones"),
    theme="REGI",
    frequency="IRREG",
    search_fields=("name_zh", "name_en", "code"),
    name_fields=("name_zh",),
    table_fields=("name_zh", "name_en", "code", "level", "parent_id", "reported_within"),
    facet_fields=("level", "parent_id"),
    provenance=(
        "代码取自 GB/T 2260，乡级代码取自 2023-06-30 的统计用区划代码；功能区依公报所载。",
        "Codes of GB/T 2260, of townships those of the statistical code list of 2023-06-30; zones as printed.",
    ),
    shared=True,
)
