"""The ids of operations, which generators use as method names."""

import re

from app.api.schemas.json_schema import schema_name
from app.datasets import DATASETS
from app.model.dataset import Dataset

NUMBER = re.compile(r"[0-9.]+\Z")
WORD = re.compile(r"[A-Za-z0-9]+")
ANY_FORMAT = ".{format}"


def operation_id(path: str) -> str:
    """Return the id of the operation at a path: `list_areas`, `get_area`, `export_areas`, `get_areas_facets`."""
    words = [word for word in path.strip("/").split("/") if word and word != "v1" and not NUMBER.match(word)]
    if not words:
        return "list_datasets" if path == "/v1" else "get_home"
    head, _, suffix = words[0].partition(".")
    dataset = DATASETS.get(head)
    if dataset is None:
        return _join("get", *words).replace("dataset_id", "row")
    if len(words) == 1:
        return _join("export", head) if path.endswith(ANY_FORMAT) else _join("list", head, suffix)
    key = re.fullmatch(r"\{id\}(\..*)?", words[1])
    if key is None:
        return _join("get", *words)
    if key[1] == ANY_FORMAT:
        return _join("export", row_name(dataset))
    return _join("get", row_name(dataset), key[1] or "", *words[2:])


def _join(*words: str) -> str:
    return "_".join(part.lower() for word in words for part in WORD.findall(word))


def row_name(dataset: Dataset) -> str:
    """Return the name of one row in kebab case, as in a path."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", schema_name(dataset)).lower()
