"""The OpenAPI document and the page that shows it."""

import asyncio
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from app.api.endpoints.pages.page import page_headers
from app.api.routers.pages import IMMUTABLE
from app.api.schemas.parameters import OPERATOR_MEANINGS
from app.datasets import DATASETS
from app.errors import Problem
from app.http.root_path import STRIPPED_ROOT_PATH
from app.model.rows import to_json
from app.renderers.site.addresses import PageAddresses
from app.renderers.site.assets import ASSETS
from app.renderers.site.linkset import SERVICE_PARTS
from app.renderers.site.templates import environment
from app.settings import Settings

VIEWER_ASSETS = "docs/assets/"
STYLE_SHEETS = {"swagger-ui.css": "text/css; charset=utf-8"}
SCRIPTS = {"swagger-ui-bundle.js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class ViewerFile:
    """A file of Swagger UI: its name with its digest, its media type, its content."""

    name: str
    media_type: str
    content: bytes


@cache
def viewer_files() -> dict[str, ViewerFile]:
    """Return the files of Swagger UI by their plain names."""
    directory, found = files("fastapi_offline") / "static", {}
    for name, media_type in (STYLE_SHEETS | SCRIPTS).items():
        content = (directory / name).read_bytes()
        stem, _, ending = name.rpartition(".")
        digest = blake2b(content, digest_size=6).hexdigest()
        found[name] = ViewerFile(f"{stem}-{digest}.{ending}", media_type, content)
    return found


def build_openapi(api: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    # Imports the bundled rows and what reads them, which an idle worker does not need.
    from app.api.openapi.document import build_document

    return build_document(api, api.state.context.settings)


def render_page(settings: Settings) -> str:
    """Return the page. All its addresses are relative, so that it works below any prefix."""
    own = (ASSETS["docs.css"].path, ASSETS["docs.js"].path)
    style_sheets = (*(VIEWER_ASSETS + viewer_files()[name].name for name in STYLE_SHEETS), own[0].lstrip("/"))
    scripts = (*(VIEWER_ASSETS + viewer_files()[name].name for name in SCRIPTS), own[1].lstrip("/"))
    parts = [(name, title_zh) for name, (title_zh, _) in SERVICE_PARTS.items()]
    parts += [(dataset.name, dataset.title_zh) for dataset in DATASETS.values()]
    template = environment(PageAddresses("", "en")).get_template("docs.html")
    return template.render(
        title=settings.catalogue_title,
        style_sheets=style_sheets,
        scripts=scripts,
        parts=parts,
        operators=OPERATOR_MEANINGS,
    )


def add_docs(api: FastAPI) -> None:
    """Add `/openapi.json`, `/docs` and its assets."""

    @lru_cache(maxsize=4)
    def openapi_json(root_path: str) -> bytes:
        # Only the text is kept: it takes a tenth of the memory of the document.
        document = build_openapi(api)
        if root_path and not api.state.context.settings.public_base_url:
            document["servers"][0]["url"] = root_path
        return to_json(document).encode()

    @api.get("/openapi.json", include_in_schema=False)
    async def openapi(request: Request) -> Response:
        root_path = request.scope.get(STRIPPED_ROOT_PATH, "")
        return Response(await asyncio.to_thread(openapi_json, root_path), media_type="application/json")

    @api.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        page = render_page(api.state.context.settings)
        return Response(page, media_type="text/html", headers=page_headers("en"))

    @api.get(f"/{VIEWER_ASSETS}{{name}}", include_in_schema=False)
    async def asset(name: str) -> Response:
        file = next((file for file in viewer_files().values() if file.name == name), None)
        if file is None:
            raise Problem(404, "There is no such file.")
        return Response(file.content, media_type=file.media_type, headers={"Cache-Control": IMMUTABLE})
