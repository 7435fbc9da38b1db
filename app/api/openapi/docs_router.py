"""The OpenAPI document and the page that shows it."""

import asyncio
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from app.model.rows import to_json


def openapi(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    from app.api.openapi.document import (
        document,  # with the bundled rows and what reads them: an idle worker needs neither
    )

    return document(api, api.state.desk.settings)


def _add_docs(api: FastAPI) -> None:
    assets = files("fastapi_offline") / "static"
    api.mount("/docs/assets", StaticFiles(directory=str(assets)), name="assets")
    made: list[bytes] = []

    @api.get("/openapi.json", include_in_schema=False)
    async def described() -> Response:
        if not made:  # in a thread, for it takes a second; only its text is kept, which is a tenth of the document
            made.append(await asyncio.to_thread(lambda: to_json(openapi(api)).encode()))
        return Response(made[0], media_type="application/json")

    @api.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=api.title,
            swagger_js_url="/docs/assets/swagger-ui-bundle.js",
            swagger_css_url="/docs/assets/swagger-ui.css",
            swagger_favicon_url="/docs/assets/favicon.png",
        )
