# The commands that everyone types. CONTRIBUTING.md explains them.
.DEFAULT_GOAL := help
.PHONY: help install serve test test-fast check format openapi bench

BIN := .venv/bin

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):  ## /\1\t/p' Makefile

install:  ## create the environment with everything that the tests need
	python3 -m venv .venv
	$(BIN)/pip install -e '.[test]'

serve:  ## run the service on http://127.0.0.1:8000
	$(BIN)/gazette serve

test:  ## run all tests, on SQLite and Postgres
	$(BIN)/pytest

test-fast:  ## run all tests but the slow ones
	$(BIN)/pytest -m "not slow"

check:  ## lint, format, types, imports, migrations, openapi.md
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@scratch="$$(mktemp -d)"; trap 'rm -rf "$$scratch"' EXIT; export DATABASE_URL="sqlite:///$$scratch/check.db"; \
	set -x; $(BIN)/alembic upgrade head && $(BIN)/alembic check
	$(BIN)/gazette openapi --markdown | diff -u openapi.md -

format:  ## fix what ruff can fix, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

openapi:  ## regenerate openapi.md
	@$(BIN)/gazette openapi --markdown > openapi.md.new && mv openapi.md.new openapi.md || { rm -f openapi.md.new; exit 1; }

bench:  ## run the benchmark
	$(BIN)/python -m tests.bench
