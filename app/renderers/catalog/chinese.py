"""The catalogue with the core metadata of 政务信息资源目录编制指南（试行） (发改高技〔2017〕1272号), section 5.2."""

from collections.abc import Mapping
from typing import Any

from app.model.dataset import Dataset
from app.renderers.catalog.catalogue import Catalogue, DatasetEntry
from app.renderers.catalog.csv_columns import CsvColumn, csv_columns
from app.renderers.catalog.statistical_services import statistical_interfaces
from app.renderers.catalog.vocabularies import FREQUENCIES, PLACE
from app.renderers.representations import TABLE_FORMATS

DATA_TYPES: Mapping[str, str] = {
    "string": "字符型C",
    "prose": "备注型M",
    "integer": "整型I",
    "number": "数值型N",
    "boolean": "逻辑型L",
    "date": "日期型D",
    "month": "字符型C",
    "list": "字符型C",
    "objects": "通用型G",
    "integers": "字符型C",
}
"""The guide's types by column kind. A month is written `YYYY-MM`, a list joined by `;`, a list of objects as JSON."""
RESOURCE_GROUP = "省（自治区、直辖市）及其下各级政务部门"
"""The group of the guide's department resources to which a city belongs."""
ELEMENT_MEANINGS: Mapping[str, str] = {
    "信息资源分类": "类、项、目、细目。属部门信息资源；目、细目由主管部门编定，未编定的为 null",
    "信息资源名称": "数据集的中文名称（`title_zh`）",
    "信息资源代码": "本服务自编：`330300/<数据集>`，不是目录主管部门赋予的代码",
    "信息资源提供方": "最新一期公报版权页信息所载的主办单位",
    "信息资源提供方代码": "统一社会信用代码。公报未刊载，故为 null",
    "信息资源摘要": "数据集的中文说明（`description_zh`）",
    "信息资源格式": "`服务接口`（JSON）和可下载的文件格式，均为 UTF-8；经济指标数据另有统计接口 JSON-stat、SDMX",
    "信息项信息": "每列的 `信息项名称`和指南规定的 `数据类型`；`字段名`、`单位`、`代码表` 是本服务的扩展",
    "共享属性": "`共享类型`、`共享条件`、`共享方式`。无条件共享",
    "开放属性": "`是否向社会开放`、`开放条件`（即许可声明，可由运营者设定）",
    "更新周期": "每月、每年或不定期",
    "发布日期": "首次随数据包发布的日期，未知为 null",
    "关联资源代码": "其字段所引用的其他数据集的代码",
}
"""The elements of the guide in its order, with what each holds here; openapi.md shows this table."""


def resource_code(name: str) -> str:
    """Return the code of a dataset, which this service assigns itself."""
    return f"{PLACE.code}/{name}"


def chinese_catalogue(catalogue: Catalogue) -> dict[str, Any]:
    """Return the whole catalogue."""
    imprint = catalogue.imprint
    return {
        "目录名称": catalogue.title_zh,
        "依据": "政务信息资源目录编制指南（试行）（发改高技〔2017〕1272号）",
        "联系方式": {"单位": imprint.contact, "电话": imprint.phone, "邮箱": imprint.email},
        "更新日期": catalogue.modified(),
        "信息资源": [_resource(catalogue, entry) for entry in catalogue.entries],
    }


def _resource(catalogue: Catalogue, entry: DatasetEntry) -> dict[str, Any]:
    """Return one dataset: the guide's elements by name and in its order, then the addresses of the data."""
    dataset, interfaces = entry.dataset, statistical_interfaces(entry.dataset)
    titles = [table_format.title for table_format in TABLE_FORMATS.values()] + [each.title for each in interfaces]
    return {
        "信息资源分类": {
            "类": "部门信息资源",
            "项": RESOURCE_GROUP,
            "目": None,
            "细目": None,
        },
        "信息资源名称": dataset.title_zh,
        "信息资源代码": resource_code(dataset.name),
        "信息资源提供方": "、".join(entry.stats.compiled_by) or catalogue.imprint.publisher,
        "信息资源提供方代码": None,
        "信息资源摘要": dataset.description_zh,
        "信息资源格式": ["服务接口（JSON）", *titles],
        "信息项信息": [_column_item(column) for column in csv_columns(dataset)],
        "共享属性": {"共享类型": "无条件共享", "共享条件": None, "共享方式": "服务接口、文件下载"},
        "开放属性": {"是否向社会开放": "是", "开放条件": catalogue.licence.zh},
        "更新周期": FREQUENCIES[dataset.frequency].zh,
        "发布日期": entry.stats.issued,
        "关联资源代码": [resource_code(name) for name in _referenced_datasets(dataset)],
        "访问地址": {
            "服务接口": catalogue.link(entry.path),
            **{
                table_format.title: catalogue.link(f"{entry.path}{table_format.suffix}")
                for table_format in TABLE_FORMATS.values()
            },
            **{each.title: catalogue.link(each.path) for each in interfaces},
        },
    }


def _column_item(column: CsvColumn) -> dict[str, Any]:
    """Return one column. Name and type are the guide's; the rest is an extension."""
    codes = {member.value: member.label_zh for member in column.enum} if column.enum else None
    return {
        "信息项名称": column.zh,
        "数据类型": DATA_TYPES[column.kind],
        "字段名": column.name,
        "单位": column.unit,
        "代码表": codes,
    }


def _referenced_datasets(dataset: Dataset) -> list[str]:
    """Return the other datasets whose ids its fields hold."""
    names = dict.fromkeys(spec.info.references for spec in dataset.fields if spec.info.references)
    return [name for name in names if name != dataset.name]
