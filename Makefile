# Needs Debian 12's python3, python3-venv, make and git; .ci/install fetches the rest, hashed.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_FLAGS ?=
export PYTHON

# An installation is known by what it was made from: a new lock or folder makes a new one, nothing else does.
digest := $(shell { pwd; cat pyproject.toml requirements.lock requirements-develop.lock; } | sha256sum | cut -c 1-16)
RUNNING := $(VENV)/.running-$(digest)
DEVELOPING := $(VENV)/.developing-$(digest)
SPARK := $(VENV)/.spark-$(shell sha256sum requirements-spark.lock | cut -c 1-16)

# The five source texts are not ours to ship: whoever has them gets more checks.
DOCUMENTS := $(or $(HUIQI_DOCUMENTS),$(wildcard ../shared/policies))

# The site's tests once more, on a PostgreSQL of their own: it comes in a wheel and stops with them.
ON_POSTGRESQL = $(BIN)/python tests/portal/postgresql.py $(BIN)/pytest -n 0 -q -m "not long" tests/portal $(PYTEST_FLAGS)

.PHONY: help install develop demo test test-all test-long lint format types imports check wheel lock clean

help: ## say what can be made
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do \
	  printf '  make %-10s %s\n' "$$name" "$$what"; done

install: $(RUNNING) ## build .venv with .venv/bin/huiqi

develop: $(DEVELOPING) ## the same, with the tools for tests and checks

$(RUNNING):
	@if [ -e $(DEVELOPING) ]; then touch $@; else \
	  echo "Installing Huiqi into $(VENV)"; \
	  .ci/install $(VENV) requirements.lock -e . && rm -f $(VENV)/.running-* && touch $@; fi

$(DEVELOPING):
	@echo "Installing Huiqi and its tools into $(VENV)"
	@.ci/install $(VENV) requirements-develop.lock -e .
	@rm -f $(VENV)/.developing-* && touch $@

$(SPARK): $(DEVELOPING)
	@echo "Installing Spark and a Java runtime into $(VENV)"
	@.ci/install $(VENV) requirements-spark.lock
	@rm -f $(VENV)/.spark-* && touch $@

demo: install ## show what three example firms are owed (HUIQI_DEMO_ONCE=1: set up, print, end)
	@$(BIN)/huiqi demo

test: develop ## every test that needs wheels only, in parallel
	$(BIN)/pytest -n auto --dist loadgroup -m "not long and not wheel and not spark and not browser" $(PYTEST_FLAGS)
	$(ON_POSTGRESQL)
	@echo "Left out by make test: the wheel, browser and Spark tests (make test-all), long tests (make test-long)"

test-all: develop $(SPARK) ## test, the built wheel in an empty environment, Spark, and the site in a browser
	@.ci/browser
	$(BIN)/pytest -n auto --dist loadgroup -m "not long and not browser" $(PYTEST_FLAGS)
	$(ON_POSTGRESQL)
	$(BIN)/pytest -n 0 -q -m browser tests/browser $(PYTEST_FLAGS)
	@echo "Left out by make test-all: long tests (make test-long)"

test-long: develop ## the tests that take many minutes, run by hand
	$(BIN)/pytest -m long $(PYTEST_FLAGS) || [ $$? -eq 5 ]
	$(BIN)/python tests/portal/postgresql.py $(BIN)/pytest -n 0 -q -m long tests/portal $(PYTEST_FLAGS) || [ $$? -eq 5 ]

lint: develop ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: develop ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: develop ## mypy, strict
	$(BIN)/mypy

imports: develop ## the layers: arrows point down only
	$(BIN)/lint-imports

check: develop ## the measures: schema, citations, examples, mutation
	$(BIN)/huiqi check policies --mutation $(if $(DOCUMENTS),--documents $(DOCUMENTS))
	@$(if $(DOCUMENTS),:,echo "Left out: citations against the source texts (set HUIQI_DOCUMENTS)")

wheel: develop ## build dist/huiqi-*.whl
	@rm -rf dist
	$(BIN)/python -m hatchling build --target wheel

COMPILE = UV_SYSTEM_CERTS=1 $$(.ci/uv) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --only-binary :all: --custom-compile-command "make lock" $(UPGRADE)

lock: ## write the locks anew from pyproject.toml (UPGRADE=--upgrade: newer versions too)
	$(COMPILE) --extra install -o requirements.lock pyproject.toml
	$(COMPILE) --extra develop -c requirements.lock -o requirements-develop.lock pyproject.toml
	$(COMPILE) --extra spark --extra jre -c requirements-develop.lock --no-binary pyspark \
	  -o requirements-spark.lock pyproject.toml
	echo uv | $(COMPILE) -o requirements-tools.lock -

clean: ## remove what was built or fetched
	rm -rf $(VENV) .tools dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
