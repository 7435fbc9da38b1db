"""Take the prefix under which a server or a mount has the application (ASGI's `root_path`) off the address."""

from app.http.response_sender import Scope

STRIPPED_ROOT_PATH = "stripped_root_path"
"""The key of a scope under which the prefix is kept."""


def strip_root_path(scope: Scope) -> Scope:
    """Return a scope whose path begins behind the prefix, so that nothing behind the gateway knows of it."""
    root_path = scope.get("root_path", "")
    if not root_path:
        return scope
    path, raw_path = scope["path"], scope.get("raw_path")
    if path.startswith(f"{root_path}/"):
        path = path[len(root_path) :]
    raw_root = root_path.encode()
    if raw_path and raw_path.startswith(raw_root + b"/"):
        raw_path = raw_path[len(raw_root) :]
    return {**scope, "path": path, "raw_path": raw_path, "root_path": "", STRIPPED_ROOT_PATH: root_path}
