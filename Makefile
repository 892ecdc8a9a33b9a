# Touchstone: bare `make` prints help; `make check` is everything CI does.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3.11
BIN := .venv/bin
INSTALLED := .venv/.installed
PYTEST := $(BIN)/python -m pytest
ARGS ?=
# a process that compiles all that it imports anew takes seconds to begin, and a trial begins many
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install lock fmt lint test test-quick test-pg test-browser test-faults vendors vendors-check trial trial-load bench bench-bank bench-load bench-million load demo app notebook docs wheel audit check clean

help: ## Show what can be made
	@echo "Touchstone: choose a bank's CRM on evidence."; echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Make .venv from the hash-pinned locks (once; instant afterwards)

$(INSTALLED): pyproject.toml requirements/dev.lock requirements/bootstrap.lock .ci/install
	@PYTHON=$(PYTHON) .ci/install
	@touch $@

lock: $(INSTALLED) ## Resolve the dependencies anew (ARGS=--upgrade for newer versions)
	@.ci/lock $(ARGS)

fmt: $(INSTALLED) ## Format the code and sort the imports
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

lint: $(INSTALLED) ## ruff, mypy --strict, the import contracts, spelling
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/typos

audit: $(INSTALLED) ## bandit's rules over the code; hashes, bounds and licences of the locked packages; needs no network
	@$(BIN)/ruff check .
	@$(PYTEST) -q tests/test_dependencies.py

test: $(INSTALLED) ## Every test, two at a time; those with a browser are left out where there is no chromium
	@$(PYTEST) -q -n 2 --dist loadfile $(ARGS)

test-quick: $(INSTALLED) ## Only the tests that need no server, no browser and no patience
	@$(PYTEST) -q -n 2 --dist loadfile -m "not pg and not browser and not slow" $(ARGS)

test-pg: $(INSTALLED) ## Only the tests against a real PostgreSQL
	@$(PYTEST) -q -m pg $(ARGS)

test-browser: $(INSTALLED) ## Only the tests that drive a real chromium
	@$(PYTEST) -q -m browser $(ARGS)

test-faults: $(INSTALLED) ## Break the reference CRM in every way, and see each planted defect break its invariant (a quarter of an hour)
	@$(PYTEST) -q tests/poc/deep_faults.py $(ARGS)

vendors: $(INSTALLED) ## Put the products of others beside the reference CRM: install, seed, ask, press (hours; ARGS="--customers 500")
	@$(BIN)/touchstone contest $(ARGS)

vendors-check: $(INSTALLED) ## Every promise of the connectors on the running products; installs them the first time
	@$(PYTEST) -q tests/poc/connectors/deep_*.py $(ARGS)

trial: $(INSTALLED) ## Put the instrument itself on trial: which check kills which mutant
	@$(BIN)/touchstone trial $(ARGS)

bench: $(INSTALLED) ## Measure speed and print it with the machine; nothing passes or fails
	@$(PYTEST) benchmarks -q -s --ignore=benchmarks/load --ignore=benchmarks/pressed --ignore=benchmarks/million -o filterwarnings=default --benchmark-columns=min,median,max,ops,rounds $(ARGS)

bench-bank: $(INSTALLED) ## Measure how fast banks are grown (ARGS=--million for the largest)
	@$(PYTEST) benchmarks/test_bank.py benchmarks/test_bank_columns.py -q -s -o filterwarnings=default $(ARGS)

bench-load: $(INSTALLED) ## Hold the load generator against known truths and against wrk, on a quiet machine
	@$(PYTEST) benchmarks/load -q -s -rs -o filterwarnings=default $(ARGS)

bench-million: $(INSTALLED) ## Measure the reference CRM with a million customers; the first time they are poured in, once
	@$(PYTEST) benchmarks/million -q -s -rs -o filterwarnings=default $(ARGS)

trial-load: $(INSTALLED) ## Press defects that only long load betrays: most of an hour (ARGS="-k spike" for some)
	@$(PYTEST) benchmarks/pressed -q -s -rs -o filterwarnings=default $(ARGS)

load: $(INSTALLED) ## Load-test the reference CRM on loopback
	@$(BIN)/touchstone load run $(ARGS)

demo: $(INSTALLED) ## From nothing to a scorecard: bank, CRM, scenarios, load, report
	@$(BIN)/touchstone demo $(ARGS)

app: $(INSTALLED) ## Open the workbench in the browser
	@$(BIN)/touchstone app $(ARGS)

notebook: $(INSTALLED) ## Execute the notebooks from their first cell to their last
	@$(BIN)/python -m jupyter execute notebooks/assessment.ipynb notebooks/churn.ipynb notebooks/weighting.ipynb

docs: $(INSTALLED) ## Write docs/cli.md anew from the commands themselves
	@$(BIN)/python -m poc.cli.manual > docs/cli.md

wheel: $(INSTALLED) ## Build the wheel into dist/
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist

check: lint wheel trial test ## Everything CI does

clean: ## Remove what was built and measured (not .venv, not your runs)
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks .import_linter_cache
