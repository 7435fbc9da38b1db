# A small image that serves the bundled issues from a read-only file system, as an unprivileged user.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY app ./app
COPY migrations ./migrations
COPY seed ./seed
RUN /venv/bin/pip install --no-cache-dir --no-deps .
# The database is built into the image, so that the container needs no write access.
ENV DATABASE_URL=sqlite:////data/gazette.db
RUN mkdir /data && /venv/bin/alembic upgrade head && \
    for package in seed/*/datapackage.json; do /venv/bin/gazette load "${package%/*}" || exit 1; done

FROM python:3.13-slim
LABEL org.opencontainers.image.title="gazette" \
      org.opencontainers.image.description="A city's government gazette as traceable open data" \
      org.opencontainers.image.version="1.1.0"
RUN useradd --system --uid 10001 --no-create-home gazette
COPY --from=build /venv /venv
COPY --from=build --chown=10001:10001 /data /data
ENV DATABASE_URL=sqlite:////data/gazette.db PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
    CMD ["/venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["/venv/bin/gazette", "serve", "--host", "0.0.0.0"]
