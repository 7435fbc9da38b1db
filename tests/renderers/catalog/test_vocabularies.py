"""Codes of formats, themes and frequencies."""

import pytest

from app.datasets import DATASETS
from app.renderers.catalog.vocabularies import FREQUENCIES, THEMES


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_declares_what_a_catalogue_needs(name: str) -> None:
    dataset = DATASETS[name]
    assert dataset.description_zh.endswith("。")
    assert dataset.description_en.endswith(".")
    for keywords in (dataset.keywords_zh, dataset.keywords_en):
        assert len(keywords) >= 2
        assert len(set(keywords)) == len(keywords)
        assert not any("," in keyword for keyword in keywords), "harvesters cut keywords at commas"
    assert dataset.theme in THEMES
    assert dataset.frequency in FREQUENCIES
    assert len({dataset.fields_by_name[field].kind for field in dataset.coverage_fields}) <= 1
    assert {dataset.fields_by_name[field].kind for field in dataset.coverage_fields} <= {"date", "month", "integer"}
