"""A dataset in a list of datasets: its name, its titles, how much it holds, where its parts and forms stand."""

from typing import Any

from app.model.dataset import Dataset
from app.renderers.representations import FEEDS
from app.renderers.tabular.formats import FORMATS


def entry(dataset: Dataset, base: str, total: int) -> dict[str, Any]:
    """A dataset with its links, under the public base; `total` is its number of rows."""
    path = f"{base}/v1/{dataset.name}"
    return {
        "name": dataset.name,
        "title_zh": dataset.title_zh,
        "title_en": dataset.title_en,
        "total": total,
        "links": {"self": path, "schema": f"{path}/schema", **suffixed(path)},
    }


def suffixed(path: str) -> dict[str, str]:
    """The same collection in its other forms."""
    forms = {form.name: form.suffix for form in FORMATS.values()}
    feeds = {offer.name: offer.suffix for offer in FEEDS.values()}
    return {name: f"{path}{suffix}" for name, suffix in (forms | feeds).items()}
