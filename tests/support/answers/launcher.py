"""Run the code of a checkout with a clock that stands still.

This file is executed by the checkout's own interpreter, in the checkout's directory, and needs nothing of the
package around it: `launcher.py command ARGUMENT…` is the checkout's command line, `launcher.py serve PORT` its service.
"""

import argparse
import sys
import tomllib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path

import uvicorn

TODAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
PROTOCOLS = (("app.http.server", "FastPathProtocol"), ("app.serving", "Protocol"))
"""Where the protocol of the service may stand, the newest place first."""
CALENDARS = ("current_day", "today")
"""What the function of `app.settings` that tells the day may be called, the newest name first."""


def main(arguments: Sequence[str]) -> None:
    """Run the command line or the service."""
    parser = argparse.ArgumentParser(prog="launcher")
    parser.add_argument("--plain", action="store_true", help="serve by the server's default protocol")
    parser.add_argument("what", choices=("command", "serve"))
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    require_own_code()
    if options.what == "command":
        run_command(options.rest)
    else:
        serve(int(options.rest[0]), options.plain)


def require_own_code() -> None:
    """Refuse to run another code than that of the current directory."""
    origin = import_module("app").__file__
    if origin is None or not Path(origin).is_relative_to(Path.cwd()):
        raise SystemExit(f"launcher: the package 'app' is that of {origin}, not of this checkout")


def run_command(arguments: Sequence[str]) -> None:
    """Run the command line that `pyproject.toml` names, on the day that stands still."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    place, _, name = project["scripts"]["gazette"].partition(":")
    command = getattr(import_module(place), name)
    stop_calendar()
    sys.exit(command(arguments))


def stop_calendar() -> None:
    """Let what the checkout's modules know as the calendar tell the same day, whenever they import it."""
    settings = import_module("app.settings")
    name = next((name for name in CALENDARS if hasattr(settings, name)), None)
    if name is None:
        raise SystemExit("launcher: no function of app.settings tells the day")
    calendar = getattr(settings, name)
    for module in [module for known, module in sys.modules.items() if known.startswith("app.")]:
        if getattr(module, name, None) is calendar:
            setattr(module, name, lambda: TODAY)


def serve(port: int, plain: bool) -> None:
    """Serve the database that the environment names, until told to stop."""
    create_app = import_module("app.main").create_app
    config = uvicorn.Config(
        create_app(today=lambda: TODAY, clock=lambda: NOW),
        host="127.0.0.1",
        port=port,
        http="auto" if plain else protocol(),
        ws="none",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_level="warning",
    )
    uvicorn.Server(config).run()


def protocol() -> type:
    """The HTTP protocol of the checkout."""
    for place, name in PROTOCOLS:
        try:
            found: type = getattr(import_module(place), name)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{place}.".startswith(f"{error.name}."):
                raise
        else:
            return found
    raise SystemExit("launcher: the checkout has no protocol of its own at a known place")


if __name__ == "__main__":
    main(sys.argv[1:])
