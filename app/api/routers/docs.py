"""The OpenAPI document and the page that shows it."""

import asyncio
from functools import lru_cache
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from app.model.rows import to_json


def build_openapi(api: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    # Imports the bundled rows and what reads them, which an idle worker does not need.
    from app.api.openapi.document import build_document

    return build_document(api, api.state.context.settings)


def add_docs(api: FastAPI) -> None:
    """Add `/openapi.json`, `/docs` and its assets."""
    assets = files("fastapi_offline") / "static"
    api.mount("/docs/assets", StaticFiles(directory=str(assets)), name="assets")

    @lru_cache(maxsize=1)
    def openapi_json() -> bytes:
        # Only the text is kept: it takes a tenth of the memory of the document.
        return to_json(build_openapi(api)).encode()

    @api.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        return Response(await asyncio.to_thread(openapi_json), media_type="application/json")

    @api.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=api.title,
            swagger_js_url="/docs/assets/swagger-ui-bundle.js",
            swagger_css_url="/docs/assets/swagger-ui.css",
            swagger_favicon_url="/docs/assets/favicon.png",
        )
