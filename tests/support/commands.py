"""Commands, run as a user runs them."""

import os
import subprocess
import sys


def run(url: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in a process of its own."""
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "-m", "app.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    """Return the only line of a refused command."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    [line] = done.stderr.splitlines()
    return line
