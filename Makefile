# Everything starts here. `make run` needs Python 3.11 or newer and nothing else.

PYTHON ?= python3
BIN := .venv/bin
SETUP := $(PYTHON) -I trainai/bootstrap.py
# npm keeps a cache under the home; without a home that can be written it goes under var/.
NPM_CACHE := $(shell test -w "$$HOME" || echo npm_config_cache=$(CURDIR)/var/cache/npm)

# Files of tests run side by side, the longest first as they lie; each process has a database server of its own.
SIDE_BY_SIDE := --numprocesses=logical --maxprocesses=4 --dist=loadfile --no-loadscope-reorder

# The system's certificates count for Node too, as they do for Python: a company's proxy signs with its own.
export NODE_USE_SYSTEM_CA ?= 1

.PHONY: run test check bench assets recordings setup setup-dev
.DEFAULT_GOAL := run

run: setup assets
	@exec $(BIN)/python manage.py up

test: setup-dev assets
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

check: setup-dev assets
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	HTTPS=true $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: setup-dev assets
	@$(MAKE) --no-print-directory recordings ARGS=
	@$(BIN)/python -m bench $(ARGS)

# The scripted recordings of the tests and benchmarks; made once, kept under var/.
recordings: setup-dev
	@$(SETUP) --all-groups
	@$(BIN)/python -m bench.recordings.make $(ARGS)

setup:
	@$(SETUP) --no-default-groups

setup-dev:
	@$(SETUP)

# Pages' scripts and styles, built by the Node of the virtual environment.
assets: node_modules/.package-lock.json
	@test ! -f package.json || PATH="$(CURDIR)/$(BIN):$$PATH" $(NPM_CACHE) npm run --silent build

node_modules/.package-lock.json: $(wildcard package-lock.json) | $(BIN)/npm
	@test ! -f package-lock.json || { echo "TrainAI: Installing the pages' packages"; \
		PATH="$(CURDIR)/$(BIN):$$PATH" $(NPM_CACHE) npm ci --no-audit --no-fund --loglevel=error && touch $@; }

$(BIN)/npm:
	@$(SETUP) --no-default-groups
