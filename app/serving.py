"""The server's own process: `python -m app.serving HOST PORT WORKERS`, on a database that is ready."""

import sys

import uvicorn


def main(host: str, port: str, workers: str) -> None:
    """Serve until told to stop."""
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=int(port),
        workers=int(workers),
        server_header=False,
        access_log=False,
    )


if __name__ == "__main__":
    main(*sys.argv[1:4])
