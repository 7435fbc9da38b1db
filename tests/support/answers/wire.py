"""Requests and answers as bytes on a socket: nothing is decoded, followed, added or left out."""

import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

HOST = "gazette.example"
"""The `Host` of all requests: no answer may depend on the port that happened to be free."""
PATIENCE_SECONDS = 60.0
PROBE = f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
"""What is sent to see whether a connection ended: where it did not, it is answered."""
PROBE_SECONDS = 5.0
Headers = tuple[tuple[str, str], ...]
ALWAYS = ("method", "target", "headers")
"""What is told of every request; the rest where it is not as usual."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Texts are written in Latin-1, a character a byte."""

    part: str
    method: str
    target: str
    headers: Headers = ()
    version: str = "1.1"
    content: str = ""
    raw: str = ""
    """What is sent instead of all the above: a broken request, or several in one piece."""
    answers: int = 1
    alone: bool = False
    """Whether it has a connection of its own, and is watched for whether that ends after the last answer."""
    validators_of: int | None = None
    """The earlier request whose answer fills in `{etag}` and `{modified}` in the headers of this one."""

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Request":
        """The request as `requests.json` holds it."""
        return cls(**{**stored, "headers": tuple((name, value) for name, value in stored["headers"])})

    def as_json(self) -> dict[str, Any]:
        """The request as `requests.json` holds it: what is not usual."""
        usual = asdict(Request("", "", ""))
        return {name: value for name, value in asdict(self).items() if name in ALWAYS or value != usual[name]}

    def as_bytes(self, validators: Mapping[str, str]) -> bytes:
        """The request as it is sent."""
        if self.raw:
            return self.raw.encode("latin-1")
        lines = [f"{self.method} {self.target} HTTP/{self.version}", f"Host: {HOST}"]
        for name, value in self.headers:
            for field, known in validators.items():
                value = value.replace(f"{{{field}}}", known)
            lines.append(f"{name}: {value}")
        if self.content:
            lines.append(f"Content-Length: {len(self.content)}")
        return "\r\n".join([*lines, "", self.content]).encode("latin-1")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it came; `body` without the chunks, of which `chunked` tells."""

    status_line: str
    headers: Headers
    body: bytes
    chunked: bool

    def header(self, name: str) -> str:
        """The value of the first header of a name, or nothing."""
        return next((value for known, value in self.headers if known.lower() == name), "")


@dataclass(frozen=True, slots=True)
class Exchange:
    """The answers to a request, and whether the connection ended after them; None where nobody looked."""

    answers: tuple[Answer, ...]
    closed: bool | None = None


class Client:
    """Asks one service; requests that are not alone share a connection as long as the service keeps it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._shared: BinaryIO | None = None
        self._socket: socket.socket | None = None

    def ask(self, request: Request, validators: Mapping[str, str]) -> Exchange:
        """Send a request and read its answers."""
        sent = request.as_bytes(validators)
        if request.alone or request.raw:
            return self._ask_alone(sent, request)
        answer = self._ask_shared(sent, request)
        if answer is None:  # the service had ended the connection after the answer before
            self.close()
            answer = self._ask_shared(sent, request)
        if answer is None:
            self.close()
            return Exchange(())
        if answer.header("connection").lower() == "close":
            self.close()
        return Exchange((answer,))

    def close(self) -> None:
        """End the shared connection."""
        if self._shared is not None and self._socket is not None:
            self._shared.close()
            self._socket.close()
        self._shared = self._socket = None

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _ask_shared(self, sent: bytes, request: Request) -> Answer | None:
        if self._socket is None or self._shared is None:
            self._socket = self._connect()
            self._shared = self._socket.makefile("rb")
        try:
            self._socket.sendall(sent)
            return read_answer(self._shared, request.method)
        except ConnectionError:
            return None

    def _ask_alone(self, sent: bytes, request: Request) -> Exchange:
        answers: list[Answer] = []
        with self._connect() as connection, connection.makefile("rb") as stream:
            try:
                connection.sendall(sent)
                for _ in range(request.answers):
                    answer = read_answer(stream, request.method)
                    if answer is None:
                        return Exchange(tuple(answers), closed=True)
                    answers.append(answer)
                connection.settimeout(PROBE_SECONDS)
                connection.sendall(PROBE)
                return Exchange(tuple(answers), closed=not stream.read(1))
            except TimeoutError:
                return Exchange(tuple(answers), closed=False)
            except ConnectionError:
                return Exchange(tuple(answers), closed=True)


def read_answer(stream: BinaryIO, method: str) -> Answer | None:
    """The next answer of a connection; None when it ended instead."""
    status_line = stream.readline().decode("latin-1").rstrip("\r\n")
    if not status_line:
        return None
    headers: list[tuple[str, str]] = []
    while line := stream.readline().decode("latin-1").rstrip("\r\n"):
        name, _, value = line.partition(":")
        headers.append((name, value.removeprefix(" ")))
    answer = Answer(status_line, tuple(headers), b"", "chunked" in dict(headers).get("transfer-encoding", ""))
    status = status_line.split(" ")[1]
    if method == "HEAD" or status in ("204", "304") or status.startswith("1"):
        return answer
    if answer.chunked:
        body = _read_chunks(stream)
    else:
        length = answer.header("content-length")
        body = stream.read(int(length)) if length else stream.read()
    return Answer(status_line, answer.headers, body, answer.chunked)


def _read_chunks(stream: BinaryIO) -> bytes:
    parts: list[bytes] = []
    while size := int(stream.readline().split(b";")[0] or b"0", 16):
        parts.append(stream.read(size))
        stream.readline()
    stream.readline()
    return b"".join(parts)
