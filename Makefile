# Everything this project can do for you; `make help` lists it. Needs git, make and a Python.
# The environment (.venv) makes itself the first time and again whenever the lock changes.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
STAMPS := .venv/.installed
PAIRS ?= 10
WORKERS ?= auto
PYTEST := $(BIN)/python -m pytest

.PHONY: help demo dashboard test check all lint format types bench docs notebooks lock golden environments audit lookahead clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

$(STAMPS)-%: pyproject.toml requirements.lock .ci/environment
	@bash .ci/environment $*
	@touch $@

demo: $(STAMPS)-core  ## set up, then Tongling against its baseline: prints the answer, writes a report
	@$(BIN)/shequ compare tongling --pairs $(PAIRS)

dashboard: $(STAMPS)-dashboard  ## set up, then open the dashboard on this machine
	@$(BIN)/shequ dashboard

test: $(STAMPS)-dev  ## every test (about 35 minutes on two cores; 20 is the aim)
	@$(PYTEST) -n $(WORKERS) --dist worksteal -m "not nonblocking"

check: $(STAMPS)-dev lint  ## lint and the fast tests (about two minutes)
	@$(PYTEST) -n $(WORKERS) --dist worksteal -m "not slow and not verification and not browser and not nonblocking"

all: lint audit lookahead environments test  ## what CI runs

# Rooms whose types hold; `make lint` fails where they do not.
TYPED := sim/base sim/dashboard sim/catalogue sim/rules sim/scenario sim/results sim/draws sim/world sim/agents sim/odd sim/experiment \
	sim/mechanisms sim/observe sim/views sim/cli sim/schedule.py sim/enact.py sim/model.py

lint: $(STAMPS)-dev  ## ruff over everything, types of the rooms that hold them
	@$(BIN)/ruff check .
	@$(BIN)/mypy --follow-imports=silent --no-error-summary $(TYPED)

format: $(STAMPS)-dev  ## ruff's formatter and its safe repairs, over everything
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

types: $(STAMPS)-dev  ## mypy over the package
	@$(BIN)/mypy

bench: $(STAMPS)-dev  ## the benchmarks into docs/benchmarks.md: figures and ratios, never a pass or fail
	@$(BIN)/python experiments/benchmarks/run_all.py

docs: $(STAMPS)-core  ## what is generated under docs/: the language's schema, the ODD+D description, effects of rules
	@$(BIN)/shequ schema > docs/scenario.schema.json
	@$(BIN)/python -m sim.odd docs
	@echo "docs/scenario.schema.json"

notebooks: $(STAMPS)-dev  ## the notebooks run again, with what they print and draw, in both languages
	@$(BIN)/python -m tests.recipes.notebooks

lock: $(STAMPS)-dev  ## newest versions of everything into requirements.lock (names, versions, hashes)
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --all-extras --no-header \
		pyproject.toml --output-file .venv/new.lock
	@{ echo '# Made by `make lock`: names, versions and hashes for every extra; no addresses.'; \
		cat .venv/new.lock; } > requirements.lock

golden: $(STAMPS)-dev  ## the numbers of golden runs, written anew for a raised MODEL_VERSION
	@$(BIN)/python -m tests.golden.runs

environments: $(STAMPS)-dev  ## Python 3.13, lowest and newest dependencies, the wheel: contract, golden, one demo pair
	@bash .ci/environments

audit: $(STAMPS)-dev  ## known weaknesses of locked dependencies; said, never a reason to fail
	@bash .ci/audit

lookahead: $(STAMPS)-dev  ## the tests that look at Mesa's next version; never a reason to fail
	@bash .ci/lookahead || echo "look-ahead: not passing on the next Mesa (this does not block)"

clean:  ## everything that can be made again, results of your runs excepted
	@rm -rf .venv .venv-next build dist .pytest_cache .hypothesis .ruff_cache .mypy_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
