"""The house keeps its order: imports run downwards only, modules stay small."""

import ast
from pathlib import Path

import app

ROOT = Path(app.__file__).parent
FLOORS = [
    {"settings", "errors", "columns", "dataset", "gazette", "threads", "eager", "room", "shelf"},
    {"datasets"},
    {"catalog", "sdmx", "legal", "feeds", "pages", "describe_service", "beginnings"}
    | {
        "db",
        "query",
        "formats",
        "links",
        "store",
        "plan",
        "page",
        "dictionary",
        "tally",
        "negotiation",
        "describe",
        "describe_forms",
        "describe_groups",
    }
    | {"cache", "conditions", "encoding", "reply", "request"},
    {
        "desk",
        "validators",
        "answers",
        "exports",
        "search",
        "groups",
        "queryables",
        "series",
        "sending",
        "front",
        "wayout",
        "routes",
        "operations",
        "routing",
    }
    | {"views", "ingest", "openapi_md", "openapi", "examples", "refusal"},
    {"main", "serving", "cli", "terminal"},
]
HEIGHT = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}


def imports_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "app":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("app."):
            names.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("app.")}
    return {name for name in names if not name.startswith("__")}


def test_imports_run_downwards() -> None:
    for path in ROOT.rglob("*.py"):
        room = path.relative_to(ROOT).parts[0].removesuffix(".py")
        if room == "__init__" or path.relative_to(ROOT).parts[0] in ("migrations", "seed"):
            continue
        for imported in imports_of(path):
            assert HEIGHT[imported] <= HEIGHT[room], f"{path.relative_to(ROOT)} imports {imported}, a floor above"


def test_the_parser_imports_nothing_but_itself() -> None:
    for path in (ROOT / "gazette").rglob("*.py"):
        assert imports_of(path) <= {"gazette"}, path


def test_rooms_of_a_floor_do_not_import_in_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for path in ROOT.rglob("*.py"):
        room = path.relative_to(ROOT).parts[0].removesuffix(".py")
        if room in HEIGHT:
            graph.setdefault(room, set()).update(imports_of(path) - {room})
    done: list[str] = []
    while left := [room for room in graph if room not in done]:
        free = [room for room in left if graph[room] <= set(done)]
        assert free, f"these import each other: {sorted(left)}"
        done += free
