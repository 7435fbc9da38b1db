"""The server's own process: `python -m app.serving HOST PORT WORKERS`, on a database that is ready."""

import sys

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.errors import Problem
from app.formats.rows import to_json

NO_REQUEST = (
    "This is no HTTP request: its first line or a header cannot be read. In an address all but ASCII is "
    "percent-encoded; curl does so with -G --data-urlencode."
)
LONGEST_ADDRESS = 65_535
"""The HTTP parser takes no longer one; the application's own bound lies far below."""


class Protocol(HttpToolsProtocol):
    """Answers what is no HTTP request in the shape of all other errors."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """Refuse a request that never reaches the application; `msg` is the server's own text."""
        if len(getattr(self, "url", b"")) > LONGEST_ADDRESS:
            problem = Problem(414, "The address is longer than is allowed; ask for less at once.")
        else:
            problem = Problem(400, NO_REQUEST)
        body = to_json(problem.document("/")).encode()
        title = problem.document("/")["title"]
        lines = [
            f"HTTP/1.1 {problem.status} {title}",
            "content-type: application/problem+json",
            "content-language: en",
            "cache-control: no-store",
            "access-control-allow-origin: *",
            f"content-length: {len(body)}",
            "connection: close",
        ]
        self.transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        self.transport.close()


def main(host: str, port: str, workers: str) -> None:
    """Serve until told to stop."""
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=int(port),
        workers=int(workers),
        http=Protocol,
        ws="none",
        server_header=False,
        access_log=False,
    )


if __name__ == "__main__":
    main(*sys.argv[1:4])
