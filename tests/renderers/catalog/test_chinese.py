"""The Chinese core metadata."""

import re

from starlette.testclient import TestClient

from app.datasets import DATASETS
from app.renderers.catalog.chinese import DATA_TYPES, ELEMENT_MEANINGS
from tests.support.graphs import get_json


def test_every_kind_has_a_chinese_name() -> None:
    kinds = {spec.kind for dataset in DATASETS.values() for spec in dataset.fields}
    assert DATA_TYPES.keys() == kinds | {"integers"}


def test_the_chinese_catalogue_has_the_elements_of_the_guide(client: TestClient) -> None:
    document = get_json(client, "/catalog.zh.json")
    assert document["联系方式"] == {"单位": "温州市政府公报中心", "电话": "0577-88966929", "邮箱": "wzsgb@wenzhou.cn"}
    assert len(document["信息资源"]) == len(DATASETS)
    for entry, dataset in zip(document["信息资源"], DATASETS.values(), strict=True):
        assert list(entry) == [*ELEMENT_MEANINGS, "访问地址"]
        assert entry["信息资源名称"] == dataset.title_zh
        assert entry["信息资源提供方代码"] is None
        assert [item["字段名"] for item in entry["信息项信息"]] == list(dataset.flat_columns)
        assert all(re.search("[一-龥]", item["信息项名称"]) for item in entry["信息项信息"])
    observations = next(entry for entry in document["信息资源"] if entry["信息资源代码"] == "330300/observations")
    assert observations["更新周期"] == "每月"
    assert observations["关联资源代码"] == ["330300/indicators", "330300/areas", "330300/issues"]
    status = next(item for item in observations["信息项信息"] if item["字段名"] == "value_status")
    assert status["代码表"]["missing"]
