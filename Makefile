# Two commands do everything: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
PORT ?= 8080
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes
WEB_SOURCES := $(shell find web connector_py -type f -not -path '*/__pycache__/*' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help demo test check format web lock wheel clean need

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: need-demo $(VENV)/.installed ## Start everything on this machine (PORT=8080)
	@$(BIN)/scv demo --port $(PORT)

test: need $(VENV)/.dev $(VENV)/.installed ## Install what the tests need, check, and run every test
	@PYTHON=$(BIN)/python .ci/install-chromium
	@$(MAKE) --no-print-directory check
	@echo "==> tests"
	@$(BIN)/python -m pytest

check: need $(VENV)/.dev node_modules/.installed ## Format, lint, types and import rules, nothing changed
	@echo "==> format and lint (ruff, biome)"
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@node_modules/.bin/biome ci --log-level=warn web biome.json
	@echo "==> types (pyright, tsc)"
	@node_modules/.bin/pyright --pythonpath $(BIN)/python
	@node_modules/.bin/tsc --project web/tsconfig.json
	@node_modules/.bin/tsc --project web/build/tsconfig.json
	@echo "==> import rules (import-linter)"
	@PYTHONPATH=. $(BIN)/lint-imports

format: $(VENV)/.dev node_modules/.installed ## Format everything in place
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .
	@node_modules/.bin/biome check --write --log-level=warn web

web: need build/web/assets.json ## Build what the browser loads, into build/web

wheel: web $(VENV)/.dev ## Build the wheel, with the web assets inside, into dist
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist .

lock: $(VENV)/.dev ## Renew requirements*.txt and package-lock.json
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
	  pyproject.toml --group build -o requirements.txt
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
	  pyproject.toml --group build --group test --group lint -o requirements-dev.txt
	@npm install --package-lock-only --loglevel=error

clean: ## Remove everything that was installed or built
	@rm -rf $(VENV) node_modules build dist .demo test-results .pytest_cache .hypothesis .ruff_cache

need:
	@PYTHON=$(PYTHON) .ci/need

.PHONY: need-demo
need-demo:
	@PYTHON=$(PYTHON) .ci/need --port $(PORT)

$(VENV)/bin/python:
	@echo "==> making a Python environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "==> installing Python packages (about half a minute the first time)"
	@$(PIP) -r requirements.txt
	@touch $@

# The command scv, from this checkout. hatchling looks for the web assets here too.
$(VENV)/.installed: $(VENV)/.runtime build/web/assets.json
	@test -e $@ || $(BIN)/python -m pip --disable-pip-version-check install --quiet \
	  --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "==> installing the tools for tests and checks"
	@$(PIP) -r requirements-dev.txt
	@touch $@

node_modules/.installed: package.json package-lock.json
	@echo "==> installing npm packages (about a quarter of a minute the first time)"
	@npm ci --loglevel=error
	@touch $@

build/web/assets.json: node_modules/.installed $(WEB_SOURCES)
	@echo "==> building the web assets"
	@node web/build/build.mjs
