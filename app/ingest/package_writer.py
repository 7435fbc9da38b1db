"""Writing a data package: what the gazette says, without our own words, as files that a person can review."""

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from app.datasets import DATASETS
from app.ingest.package_reader import known_columns
from app.model.dataset import Dataset
from app.model.rows import Record, flat
from app.renderers.catalog.frictionless import describe

DESCRIPTOR = "datapackage.json"


def package_files(
    created: date, rows: Mapping[str, Iterable[Record]], with_text: bool, digest: str | None
) -> dict[str, str]:
    """The files of a package by their names, the descriptor last.

    Columns that an editor writes are left out, so that a load leaves them alone; so is running
    text unless `with_text`. `digest` is that of the text that the rows were read from.
    """
    files: dict[str, str] = {}
    resources = []
    for name, records in rows.items():
        dataset = DATASETS[name]
        columns = package_columns(dataset, with_text)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(flat(record, columns) for record in records)
        files[f"{name}.csv"] = out.getvalue()
        resources.append(describe(dataset, f"{name}.csv", columns))
    issues = "-".join(record["id"] for record in rows.get("issues", ()))
    content = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"gazette-{issues}".rstrip("-"),
        "created": f"{created.isoformat()}T00:00:00+08:00",
        **({"sources": [{"title": f"Text of the gazette issue {issues}", "hash": digest}]} if digest else {}),
        "resources": resources,
    }
    files[DESCRIPTOR] = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    return files


def write_files(directory: Path, files: Mapping[str, str]) -> None:
    """Write files into a directory, all or none as far as a file system can.

    They are written beside the directory first; only when all of them are there is each renamed
    into its place. Files of other names stay untouched.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{directory.name}-", dir=directory.resolve().parent) as aside:
        for name, text in files.items():
            (Path(aside) / name).write_text(text, encoding="utf-8", newline="")
        for name in files:
            os.replace(Path(aside) / name, directory / name)


RUNNING_TEXT = {"documents": ("body",), "provisions": ("text",), "briefs": ("text",), "watersheds": ("tasks",)}
"""The fields that hold the gazette's sentences."""


def package_columns(dataset: Dataset, with_text: bool) -> list[str]:
    """The columns of a dataset's file in a package."""
    left_out = {spec.name for spec in dataset.fields if spec.fact.editorial}
    if not with_text:
        left_out |= set(RUNNING_TEXT.get(dataset.name, ()))
    return [column for column in known_columns(dataset) if column not in left_out]
