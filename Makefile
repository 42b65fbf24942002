# Two commands on a fresh machine: `make run` and `make test`. Each sets up what it needs in .venv.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: run test setup check lint types schema scenarios docs bench clean help

VENV ?= .venv
WORKERS ?= auto
BIN := $(VENV)/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable
FAILED = { echo 'pip could not install what is needed: its own words are above. Is there a network? The same command tries again.' >&2; exit 1; }
HERE := $(firstword $(shell echo '$(CURDIR)' | cksum))
# a folder that was moved is set up anew
INSTALLED := $(VENV)/.installed-$(HERE)
DEVELOPED := $(VENV)/.developed-$(HERE)

help:
	@echo "make run    set up and run the scenarios under scenarios/"
	@echo "make test   set up and check everything: tests, linters, types, schema, scenarios, docs"
	@echo "make docs   build the site with the gallery of all scenarios: site/html/index.html"
	@echo "make bench  measure against the figures in benchmarks/README.md"

run: $(INSTALLED)
	$(BIN)/scenario run --quiet scenarios/

test: $(DEVELOPED) lint types schema scenarios
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadgroup

lint: $(DEVELOPED)
	$(BIN)/ruff check --quiet --output-format concise
	$(BIN)/ruff format --check --quiet

types: $(DEVELOPED)
	$(BIN)/python -m mypy

schema: $(DEVELOPED)
	$(BIN)/scenario schema --check schema/scenario.schema.json

scenarios: $(DEVELOPED)
	$(BIN)/scenario validate --output-format concise scenarios/

docs: $(DEVELOPED)
	$(BIN)/python docs/make_site.py site
	@echo 'site/html/index.html'

bench: $(DEVELOPED)
	for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit; done

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis site

$(BIN)/python:
	@.ci/venv "$(VENV)"

$(INSTALLED): pyproject.toml | $(BIN)/python
	@$(INSTALL) . || $(FAILED)
	@$(BIN)/python -m compileall -q src
	@touch $@

$(DEVELOPED): pyproject.toml | $(BIN)/python
	@$(INSTALL) '.[dev,docs]' || $(FAILED)
	@touch $(INSTALLED) $@
