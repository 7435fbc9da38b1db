"""The pages that describe the service."""

from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.pages import Page


def test_what_is_ours_is_listed(client: TestClient) -> None:
    text = Page(client, "/about").text
    for name in ("documents", "indicators", "areas"):
        dataset = DATASETS[name]
        assert dataset.title_zh in text
        labels = [spec.info.label_zh for spec in dataset.fields if spec.info.editorial]
        assert all(label in text for label in labels)
    assert "不设 Cookie" in text
    assert "wzsgb@wenzhou.cn" in text


def test_every_dataset_is_listed_with_all_its_formats(client: TestClient) -> None:
    page = Page(client, "/datasets")
    shown = set(page.links())
    landing = client.get("/").json()
    for dataset in landing["datasets"]:
        assert f"/{dataset['name']}" in shown
        assert set(dataset["links"].values()) <= shown
    assert {link["href"] for link in landing["links"] if link["href"].startswith("/catalog")} <= shown
