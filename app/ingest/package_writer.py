"""Write a data package: the gazette's data, without editorial fields, as files that a person can review."""

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from app.datasets import DATASETS
from app.ingest.package_reader import DESCRIPTOR, UNDECIDED, file_digest, known_columns
from app.model.dataset import Dataset
from app.model.rows import Record, flatten
from app.renderers.catalog.frictionless import package_resource
from app.tempdir import staging_directory


def build_package_files(
    created: date,
    rows: Mapping[str, Iterable[Record]],
    with_text: bool,
    digest: str | None,
    undecided: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the files of a package by name, the descriptor last.

    Editorial columns are left out, so that a load does not change them, and so is running text unless
    `with_text`. `digest` is the SHA-256 of the text that the rows were parsed from. The digests of the files tell
    whether somebody has changed them since. `undecided` says for which options an operator must decide what the print
    says in two ways, and why.
    """
    files: dict[str, str] = {}
    resources = []
    for name, records in rows.items():
        dataset = DATASETS[name]
        columns = package_columns(dataset, with_text)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(flatten(record, columns) for record in records)
        files[f"{name}.csv"] = out.getvalue()
        content = out.getvalue().encode()
        resource = package_resource(dataset, f"{name}.csv", columns)
        resources.append({**resource, "bytes": len(content), "hash": file_digest(content)})
    issues = "-".join(record["id"] for record in rows.get("issues", ()))
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"gazette-{issues}".rstrip("-"),
        "created": f"{created.isoformat()}T00:00:00+08:00",
        **({"sources": [{"title": f"Text of the gazette issue {issues}", "hash": digest}]} if digest else {}),
        **({UNDECIDED: dict(undecided)} if undecided else {}),
        "resources": resources,
    }
    files[DESCRIPTOR] = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    return files


def write_files(directory: Path, files: Mapping[str, str]) -> None:
    """Write files into a directory, all or none as far as the file system allows.

    They are first written beside the directory and renamed into it when all are complete. Other files
    of the directory stay untouched.
    """
    is_new = not directory.exists()
    directory.mkdir(parents=True, exist_ok=True)
    try:
        place = directory.resolve()
        with staging_directory(place.parent, f".{place.name}-new-") as staging:
            for name, text in files.items():
                (staging / name).write_text(text, encoding="utf-8", newline="")
            for name in files:
                os.replace(staging / name, directory / name)
    except BaseException:
        if is_new:
            with suppress(OSError):  # it is not empty when a part of the files is in place
                directory.rmdir()
        raise


RUNNING_TEXT_FIELDS = {"documents": ("body",), "provisions": ("text",), "briefs": ("text",), "watersheds": ("tasks",)}
"""The fields that contain the gazette's sentences."""


def package_columns(dataset: Dataset, with_text: bool) -> list[str]:
    """Return the columns of a dataset's file in a package."""
    omitted = {spec.name for spec in dataset.fields if spec.info.editorial}
    if not with_text:
        omitted |= set(RUNNING_TEXT_FIELDS.get(dataset.name, ()))
    return [column for column in known_columns(dataset) if column not in omitted]
