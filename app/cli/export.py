"""`gazette export`: every dataset as CSV and Parquet, and a `datapackage.json` that describes the files.

The same data gives the same bytes on every machine and on every day: what depends on a day (the
status of a document) is told for the day on which the newest issue was published.
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
from app.db.reader import Unavailable
from app.errors import StartupError
from app.model.dataset import Dataset
from app.model.rows import from_json
from app.query.params.dataset_query import Ask
from app.query.repository import Store
from app.renderers.catalog.frictionless import describe
from app.renderers.tabular.formats import FORMATS, Format, Plan
from app.renderers.tabular.writers import TEXT_WRITERS, about_of, write_file
from app.settings import LICENCE

WRITTEN = ("csv", "parquet")
Read = Callable[[str], AsyncGenerator[list[bytes], None]]


async def export_all(store: Store, directory: Path, licence: str = LICENCE) -> dict[str, int]:
    """Write every dataset into a directory, and answer the rows of each.

    Each file is made under another name and put in its place when it is whole; `datapackage.json`
    comes last. Raises StartupError when the directory or the database cannot be used, or when data
    was loaded meanwhile.
    """
    try:
        await store.reader.open()
        try:
            return await _export_all(store, directory, licence)
        finally:
            await store.reader.close()
    except Unavailable as error:
        raise StartupError(str(error)) from None
    except OSError as error:
        raise StartupError(f"'{directory}' cannot be written: {error.strerror}") from None


async def _export_all(store: Store, directory: Path, licence: str) -> dict[str, int]:
    directory.mkdir(parents=True, exist_ok=True)
    state = await store.refresh()
    day = await _newest_issue(store)
    resources: list[dict[str, Any]] = []
    for dataset in DATASETS.values():
        about = about_of(dataset, state.revision, licence)
        for name in WRITTEN:
            resources.append(await _resource(store, Plan(dataset, about=about), FORMATS[name], directory, day))
    if (await store.refresh()).revision != state.revision:
        raise StartupError("data was loaded while it was exported; run the command again")
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "gazette",
        "version": state.revision,
        "created": f"{day}T00:00:00+08:00",
        "description": f"Every dataset as CSV and Parquet. Licence: {licence} "
        f"`documents.status` is told for {day}. In CSV, text that begins like a formula has a leading `'`.",
        "resources": resources,
    }
    _place(directory / "datapackage.json", orjson.dumps(package, option=orjson.OPT_INDENT_2) + b"\n")
    return {resource["name"]: resource["rows"] for resource in resources if resource["format"] == "csv"}


async def _newest_issue(store: Store) -> date:
    issues = DATASETS["issues"]
    newest = Ask(sort=(("published_on", True), ("id", False)), limit=1)
    async with aclosing(store.stream(issues, newest, date.min, "row_json")) as batches:
        async for batch in batches:
            return date.fromisoformat(from_json(batch[0])["published_on"])
    return date(1970, 1, 1)


async def _resource(store: Store, plan: Plan, form: Format, directory: Path, day: date) -> dict[str, Any]:
    """Write one file, and describe it as a Frictionless resource."""
    dataset, rows = plan.dataset, 0

    async def read(stored: str) -> AsyncGenerator[list[bytes], None]:
        nonlocal rows
        async with aclosing(
            store.stream(dataset, Ask(sort=dataset.default_sort, options=_all(dataset)), day, stored)
        ) as batches:
            async for batch in batches:
                rows += len(batch)
                yield batch

    path = directory / f"{dataset.name}{form.suffix}"
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb+") as file:
            await _write(form, plan, file, read)
            file.flush()
            size = file.tell()
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    described = describe(dataset, path.name, plan.columns)
    if form.name != "csv":
        described |= {"name": f"{dataset.name}-{form.name}", "format": form.name, "mediatype": form.media_type}
        del described["schema"], described["encoding"], described["type"]
    return {**described, "bytes": size, "hash": f"sha256:{digest}", "rows": rows}


def _all(dataset: Dataset) -> dict[str, str]:
    """Every vintage of a dataset that has vintages: an archive leaves nothing out."""
    return {"vintages": "all"} if dataset.option("vintages") else {}


async def _write(form: Format, plan: Plan, file: BinaryIO, read: Read) -> None:
    if form.whole:
        await write_file(form, plan, file, read)
        return
    writer = TEXT_WRITERS[form.name](plan)
    file.write(writer.head())
    async with aclosing(read(writer.form)) as batches:
        async for batch in batches:
            file.write(writer.piece(batch))


def _place(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)
