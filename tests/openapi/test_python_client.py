"""A client that openapi-python-client makes of the document: no warnings, it compiles, and it is answered."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.main import create_app
from app.settings import Settings

CALL = Path(__file__).with_name("call.py")
ADDRESS = re.compile(r"running on (http://\S+)")


def run(*command: str, **environment: str) -> str:
    """What a Python program prints; it has to end well and warn of nothing."""
    answer = subprocess.run(
        [sys.executable, *command], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout[-2000:] + answer.stderr[-2000:]
    return answer.stdout


@pytest.fixture(scope="module")
def client_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory that holds the generated package."""
    directory = tmp_path_factory.mktemp("client")
    document = create_app(Settings()).api.openapi()
    (directory / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    kinds = {
        media_type
        for methods in document["paths"].values()
        for response in methods["get"]["responses"].values()
        for media_type in response.get("content", {})
        if "json" not in media_type.partition(";")[0] or "ndjson" in media_type
    }
    config = {
        "package_name_override": "gazette_client",
        "post_hooks": [],
        # The generator knows JSON, text and bytes.
        "content_type_overrides": dict.fromkeys(sorted(kinds), "application/octet-stream"),
    }
    (directory / "config.json").write_text(json.dumps(config), encoding="utf-8")
    made = ["--path", str(directory / "openapi.json"), "--config", str(directory / "config.json")]
    options = ["--meta", "none", "--output-path", str(directory / "gazette_client"), "--fail-on-warning"]
    run("-m", "openapi_python_client", "generate", *made, *options)
    return directory


@pytest.fixture(scope="module")
def server(loaded_sqlite: str) -> Iterator[str]:
    """The address of a server on a port that the system chose."""
    command = [sys.executable, "-m", "app.http.server", "127.0.0.1", "0", "1"]
    environment = os.environ | {"DATABASE_URL": loaded_sqlite}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = (ADDRESS.search(line) for line in process.stderr)
        yield next(match[1] for match in found if match)
        process.terminate()


def test_the_client_compiles(client_package: Path) -> None:
    run("-W", "error", "-m", "compileall", "-q", "-j", "2", str(client_package / "gazette_client"))


def test_the_client_is_answered(client_package: Path, server: str) -> None:
    printed = run(str(CALL), server, PYTHONPATH=str(client_package))
    assert printed == "41 demolition\n102.0 102.0\n拆迁 78\n404 areas holds no row 'nowhere'.\n"
