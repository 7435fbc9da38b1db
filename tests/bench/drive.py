"""Load: `wrk` with a script made on the fly, so that no question is asked twice where that matters."""

import json
import string
import subprocess
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.servers import HOST, Server

TIMEOUT = 30


@dataclass(slots=True)
class Questions:
    """Requests of one kind: `{n}` in the pattern is a running number, `{v}` the next of the values."""

    pattern: str
    values: Sequence[str] = ()
    headers: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    def path(self, n: int) -> str:
        """The n-th request's target."""
        return self.pattern.format(n=n, v=self.values[n % len(self.values)] if self.values else "")

    def lua(self, port: int, values: Path) -> str:
        """A script for `wrk` that goes on after the last question asked; the values stand in a file."""
        parts = [json.dumps("GET ")]
        for text, name, _, _ in string.Formatter().parse(self.pattern):
            parts += [json.dumps(text)] * bool(text)
            parts += ["n"] * (name == "n") + ["V[n % #V + 1]"] * (name == "v")
        lines = [f"Host: {HOST}:{port}", *(f"{name}: {value}" for name, value in self.headers.items())]
        parts.append(json.dumps(" HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n"))
        return SCRIPT % {"values": json.dumps(str(values)), "start": self.asked, "request": " .. ".join(parts)}


SCRIPT = """
local V, n = {}, %(start)d
for line in io.lines(%(values)s) do V[#V + 1] = line end
request = function()
  n = n + 1
  return %(request)s
end
done = function(s, latency)
  local e = s.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format('\\nDONE {"requests":%%d,"microseconds":%%d,"failed":%%d,"p99":%%d}\\n',
    s.requests, s.duration, failed, latency:percentile(99)))
end
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run of `wrk` saw: answers a second, how many failed, the 99th percentile in milliseconds.

    `cost` is the processor time that the server's own process took an answer, in microseconds; that of
    a database server is not in it.
    """

    rate: float
    cost: float
    failed: int
    p99: float


def drive(server: Server, questions: Questions, connections: int, seconds: int, directory: Path) -> Measured:
    """Ask for some seconds over some connections; raises RuntimeError when `wrk` fails."""
    script, values = directory / "questions.lua", directory / "values.txt"
    values.write_text("".join(f"{value}\n" for value in questions.values))
    script.write_text(questions.lua(server.port, values))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", f"{TIMEOUT}s", "-s", str(script)]
    before = server.processor_seconds()
    done = subprocess.run([*command, server.url("/")], capture_output=True, text=True)
    _, mark, result = done.stdout.partition("\nDONE ")
    if not mark:
        raise RuntimeError(f"wrk failed: {done.stdout}{done.stderr}")
    found = json.loads(result)
    questions.asked += found["requests"] + connections
    requests, spent = max(found["requests"], 1), server.processor_seconds() - before
    rate = requests / (found["microseconds"] / 1e6)
    return Measured(rate, spent / requests * 1e6, found["failed"], found["p99"] / 1000)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def ask(server: Server, path: str, headers: dict[str, str] | None = None) -> Reply:
    """One answer to one question, whatever its status."""
    request = urllib.request.Request(server.url(path), headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return Reply(answer.status, answer.headers.items(), answer.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.headers.items(), error.read())
