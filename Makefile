# Ducha. `make run` starts it, `make test` proves it; `make help` lists the rest.
# A step that has nothing to do is skipped: stamp files in .venv, node_modules and var remember what is done.

PORT ?= 8000
PYTEST_ARGS ?=
NAMES ?=
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

BIN := .venv/bin
# The PostgreSQL of the tests keeps its lock here rather than in a folder that all users share.
export XDG_RUNTIME_DIR := $(CURDIR)/var/run
ASSETS := web/static/dist/.built
CATALOGUES := $(wildcard web/translations/*/LC_MESSAGES/*.po)
ISLANDS := $(shell find web/islands -type f 2>/dev/null)
UV = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock"

.PHONY: help run test check bench assets catalogues pictures lock format clean

help: ## what can be made
	@echo "Usage: make TARGET"
	@sed -n -E 's/^([a-z]+):.*## (.*)/  \1@\2/p' $(MAKEFILE_LIST) | awk -F@ '{ printf "%-12s %s\n", $$1, $$2 }'

run: .venv/.run node_modules/.installed $(ASSETS) $(CATALOGUES:.po=.mo) var/fonts/.there ## set everything up, start web and worker with the demo (PORT=8000)
	@echo "5/5   database, demo and server"
	@exec $(BIN)/ducha serve --demo --port $(PORT)

test: .venv/.test node_modules/.installed $(ASSETS) $(CATALOGUES:.po=.mo) var/fonts/.there ## install what the tests need and run all of them (PYTEST_ARGS="-k name")
	@sh install/fonts.sh
	@echo "5/5   tests"
	@mkdir -p $(XDG_RUNTIME_DIR)/python_PostgresServer
	@DUCHA_CHROMIUM="$$(sh install/chromium.sh)" && export DUCHA_CHROMIUM && \
		TMPDIR="$$(sh install/scratch.sh)" LANG=C.UTF-8 exec $(BIN)/python -m pytest -n 3 $(PYTEST_ARGS)

check: .venv/.test ## lint, formatting, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: .venv/.test node_modules/.installed $(ASSETS) $(CATALOGUES:.po=.mo) var/fonts/.there ## measure against the floor, on SQLite and PostgreSQL (NAMES="runtime inbox")
	@mkdir -p $(XDG_RUNTIME_DIR)/python_PostgresServer
	@$(BIN)/python -m benchmarks $(NAMES)

assets: node_modules/.installed $(ASSETS) ## build the page assets (web/islands -> web/static/dist)

catalogues: .venv/.test ## bring web/translations up to date with the code and the documents, and compile it
	@$(BIN)/ducha catalogues
	@$(MAKE) $(patsubst %.po,%.mo,$(wildcard web/translations/*/LC_MESSAGES/*.po))

pictures: .venv/.test node_modules/.installed $(ASSETS) $(CATALOGUES:.po=.mo) ## let the browser tests take the pictures of the READMEs anew
	@sh install/fonts.sh
	@mkdir -p docs/pictures
	@DUCHA_PICTURES=docs/pictures DUCHA_CHROMIUM="$$(sh install/chromium.sh)" $(BIN)/python -m pytest -m browser $(PYTEST_ARGS)

lock: .venv/.run ## resolve setup.cfg anew into locks/*.txt
	@$(BIN)/python -m pip install --quiet uv
	@$(UV) --upgrade --extra build -o locks/run.txt pyproject.toml
	@$(UV) --upgrade --extra build --extra test -c locks/run.txt -o locks/test.txt pyproject.toml
	@$(UV) --upgrade -o locks/node.txt locks/node.in

format: .venv/.test ## let ruff sort imports and lay out the code
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

clean: ## remove what was installed and built; the database and attachments in var stay
	rm -rf .venv node_modules web/static/dist build *.egg-info var/chromium \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- the steps

.venv/.run: locks/run.txt setup.cfg pyproject.toml install/python.sh
	@echo "1/5   Python packages"
	@sh install/python.sh run
	@touch $@

.venv/.test: locks/test.txt setup.cfg pyproject.toml install/python.sh
	@echo "1/5   Python packages, with those of the tests"
	@sh install/python.sh test
	@touch $@ .venv/.run

node_modules/.installed: package-lock.json install/node.sh | .venv/.run
	@echo "2/5   Node packages"
	@PATH="$$(sh install/node.sh):$$PATH" && export PATH && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(ASSETS): node_modules/.installed $(ISLANDS) $(wildcard vite.config.*)
	@echo "3/5   page assets"
	@PATH="$$(sh install/node.sh):$$PATH" && export PATH && npm run build --silent
	@touch $@

var/fonts/.there: install/faces.sh install/faces/package-lock.json | .venv/.run
	@sh install/faces.sh
	@touch $@

%.mo: %.po | .venv/.run
	@echo "4/5   message catalogue $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))"
	@$(BIN)/pybabel -q compile -i $< -o $@
