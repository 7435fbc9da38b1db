"""The files of `gazette export`: every dataset as CSV and Parquet, and `datapackage.json` that describes them.

The same data gives the same bytes on every machine and on every day: a value that depends on the day
(the status of a document) is computed for the day on which the newest issue was published.
"""

import hashlib
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from app.datasets import DATASETS
from app.db.reader import DatabaseUnavailable
from app.errors import StartupError
from app.ingest.package_reader import DESCRIPTOR
from app.model.dataset import Dataset
from app.model.rows import from_json
from app.query.params.dataset_query import DatasetQuery
from app.query.repository import Repository
from app.renderers.catalog.frictionless import package_resource
from app.renderers.representations import TABLE_FORMATS, TableFormat
from app.renderers.tabular.export_spec import ExportSpec
from app.renderers.tabular.writers import TEXT_WRITERS, provenance_lines, write_export_file
from app.settings import LICENCE
from app.tempdir import staging_directory

ARCHIVE_FORMATS = ("csv", "parquet")
ReadColumn = Callable[[str], AsyncGenerator[list[bytes], None]]


async def export_all(repository: Repository, directory: Path, licence: str = LICENCE) -> dict[str, int]:
    """Write every dataset into a directory; return the number of rows by dataset.

    All files are written into a temporary directory inside it and moved into place when all are complete,
    `datapackage.json` as the last. Raises StartupError when the directory or the database cannot be used, or
    when data is loaded during the export.
    """
    try:
        await repository.reader.open()
        try:
            return await _export_all(repository, directory, licence)
        finally:
            await repository.reader.close()
    except DatabaseUnavailable as error:
        raise StartupError(str(error)) from None
    except OSError as error:
        raise StartupError(f"'{directory}' cannot be written: {error.strerror}") from None


async def _export_all(repository: Repository, directory: Path, licence: str) -> dict[str, int]:
    directory.mkdir(parents=True, exist_ok=True)
    with staging_directory(directory, ".gazette-export-") as staging:
        rows = await _write_files(repository, staging, licence)
        names = [path.name for path in staging.iterdir()]
        if blocked := next((name for name in names if (directory / name).is_dir()), None):
            raise StartupError(f"'{directory / blocked}' is a directory; a file is to be written there")
        for name in sorted(names, key=lambda name: (name == DESCRIPTOR, name)):
            os.replace(staging / name, directory / name)
    return rows


async def _write_files(repository: Repository, directory: Path, licence: str) -> dict[str, int]:
    state = await repository.refresh()
    day = await _newest_issue_day(repository)
    resources: list[dict[str, Any]] = []
    for dataset in DATASETS.values():
        provenance = provenance_lines(dataset, state.revision, licence)
        for name in ARCHIVE_FORMATS:
            resources.append(
                await _write_resource(
                    repository, ExportSpec(dataset, provenance=provenance), TABLE_FORMATS[name], directory, day
                )
            )
    if (await repository.refresh()).revision != state.revision:
        raise StartupError("data was loaded during the export; run the command again")
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "gazette",
        "version": state.revision,
        "created": f"{day}T00:00:00+08:00",
        "description": f"Every dataset as CSV and Parquet. Licence: {licence} "
        f"`documents.status` is told for {day}. In CSV, text that begins like a formula has a leading `'`.",
        "resources": resources,
    }
    (directory / DESCRIPTOR).write_bytes(orjson.dumps(package, option=orjson.OPT_INDENT_2) + b"\n")
    return {resource["name"]: resource["rows"] for resource in resources if resource["format"] == "csv"}


async def _newest_issue_day(repository: Repository) -> date:
    issues = DATASETS["issues"]
    newest = DatasetQuery(sort=(("published_on", True), ("id", False)), limit=1)
    async with aclosing(repository.stream_rows(issues, newest, date.min, "row_json")) as batches:
        async for batch in batches:
            return date.fromisoformat(from_json(batch[0])["published_on"])
    return date(1970, 1, 1)


async def _write_resource(
    repository: Repository, spec: ExportSpec, table_format: TableFormat, directory: Path, day: date
) -> dict[str, Any]:
    """Write one file; return its description as a Frictionless resource."""
    dataset, rows = spec.dataset, 0

    async def read_column(column: str) -> AsyncGenerator[list[bytes], None]:
        nonlocal rows
        async with aclosing(
            repository.stream_rows(
                dataset, DatasetQuery(sort=dataset.default_sort, options=_all_vintages(dataset)), day, column
            )
        ) as batches:
            async for batch in batches:
                rows += len(batch)
                yield batch

    path = directory / f"{dataset.name}{table_format.suffix}"
    with path.open("wb+") as file:
        await _write_file(table_format, spec, file, read_column)
        file.flush()
        size = file.tell()
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    resource = package_resource(dataset, path.name, spec.columns)
    if table_format.name != "csv":
        resource |= {
            "name": f"{dataset.name}-{table_format.name}",
            "format": table_format.name,
            "mediatype": table_format.media_type,
        }
        del resource["schema"], resource["encoding"], resource["type"]
    return {**resource, "bytes": size, "hash": f"sha256:{digest}", "rows": rows}


def _all_vintages(dataset: Dataset) -> dict[str, str]:
    """Return the option that selects every vintage, for a dataset that has vintages."""
    return {"vintages": "all"} if dataset.get_view_option("vintages") else {}


async def _write_file(table_format: TableFormat, spec: ExportSpec, file: BinaryIO, read_column: ReadColumn) -> None:
    if table_format.needs_file:
        await write_export_file(table_format, spec, file, read_column)
        return
    writer = TEXT_WRITERS[table_format.name](spec)
    file.write(writer.render_header())
    async with aclosing(read_column(writer.row_column)) as batches:
        async for batch in batches:
            file.write(writer.render_rows(batch))
