# Two commands on a fresh machine: `make run` and `make test`. Each sets up what it needs in .venv.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: run test setup check lint types schema scenarios bench clean help

VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= auto

help:
	@echo "make run    set up and run the scenarios under scenarios/"
	@echo "make test   set up and check everything: tests, linters, types, schema, scenarios, docs"
	@echo "make bench  measure against the figures in benchmarks/README.md"

run: $(VENV)/.installed
	$(BIN)/scenario run scenarios/

test: $(VENV)/.developed lint types schema scenarios
	$(BIN)/python -m pytest -q -n $(WORKERS)

lint: $(VENV)/.developed
	$(BIN)/ruff check --quiet --output-format concise
	$(BIN)/ruff format --check --quiet

types: $(VENV)/.developed
	$(BIN)/mypy

schema: $(VENV)/.developed
	$(BIN)/scenario schema --check schema/scenario.schema.json

scenarios: $(VENV)/.developed
	$(BIN)/scenario validate --output-format concise scenarios/

bench: $(VENV)/.developed
	for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit; done

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@.ci/venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.developed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(VENV)/.installed $@
