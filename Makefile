# The front door of the house. `make demo` and `make test` need Python 3.11-3.13, git, make and ssh-keygen, nothing else.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
UV_VERSION := 0.13.9
# A folder of wheels in the place of an index, and the list of what lies in it: `installation/install.sh` names both.
WHEELS ?=
LOCK ?= requirements.lock
FROM := $(if $(WHEELS),--no-index --find-links "$(WHEELS)")
# Sets of packages that some add to .venv: requirements-<set>.lock names them, and no package stands in two locks.
SETS := dev desk spark
# What was added, by its stamp: a sync removes all that it is not told, and would tear out what the next target needs.
ADDED = $(patsubst .venv/%,requirements-%.lock,$(wildcard $(SETS:%=.venv/%)))
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
# Some machines forbid Python to keep what it compiled: each command would compile a thousand files of its packages anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup dev desk spark parity whole by-hand bundle install-bundle offline-room demo test check format lint types floors sql quick indicator lists mutate fuzz docs lock audit clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /	/'

ROWS = $(if $(WHEELS),,build/dbt/written)
setup: .venv/installed $(ROWS) ## create .venv from requirements.lock, and rows of the invented country for dbt

# A bare machine has no uv: the venv's own pip brings the pinned one, which then installs by hash. The environment's
# own index settings are left alone; the lock names no host.
.venv/installed: requirements.lock pyproject.toml
	@command -v ssh-keygen >/dev/null 2>&1 || { \
	  echo "marsad: ssh-keygen was not found: it signs what is published. Install OpenSSH's client (Debian: apt-get install openssh-client)" >&2; exit 1; }
	@python=$$(for p in "$$MARSAD_PYTHON" python3.12 python3.11 python3.13 python3; do \
	  [ -n "$$p" ] && command -v "$$p" >/dev/null 2>&1 && \
	  "$$p" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1 && echo "$$p" && break; done); \
	if [ -z "$$python" ]; then \
	  echo "marsad: no Python 3.11, 3.12 or 3.13 with venv was found. Install one (Debian: apt-get install python3 python3-venv)" \
	       "or name it: make setup MARSAD_PYTHON=/path/to/python3.12" >&2; exit 1; fi; \
	echo "marsad: setting up .venv with $$python"; \
	[ -x $(BIN)/uv ] || "$$python" -m venv --clear .venv
	@[ "$$($(BIN)/uv --version 2>/dev/null | cut -d' ' -f2)" = "$(UV_VERSION)" ] || \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check $(FROM) uv==$(UV_VERSION)
	@VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes $(FROM) "$(LOCK)" $(ADDED)
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation $(FROM) -e .
	@touch $@

# For `dbt build` by hand (docs/dbt_by_hand.md), written anew when what they are made from is newer. A server that is installed
# from a folder of wheels needs none.
build/dbt/written: $(wildcard samples/*.py samples/*/*.py ingestion/shapes/*.yml ingestion/sources/*/*.yml) | .venv/installed
	@echo "marsad: writing rows of the invented country for dbt: build/dbt/raw"
	@mkdir -p build/dbt
	@$(BIN)/python -m samples.rows_for_dbt build/dbt/raw
	@touch $@

dev: .venv/dev $(ROWS) ## add what tests, checks and documents need (0.8 GB) to .venv

desk: .venv/desk ## the desk in a browser, on this machine alone (HOME_OF=path: another home than the demo's)
	@$(BIN)/marsad-desk serve --home $(or $(HOME_OF),home/demo)

spark: .venv/spark ## add what `MARSAD_TARGET=spark` needs (0.5 GB) to .venv; Java 17 comes from the system

$(SETS:%=.venv/%): .venv/%: .venv/installed requirements-%.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes --no-deps -r requirements-$*.lock
	@touch $@
	@[ "$*" != dev ] || echo "marsad: ready. Next: export PATH=\$$PWD/.venv/bin:\$$PATH, and CONTRIBUTING.md"

parity: dev spark ## every relation equal row for row on DuckDB and on Spark (needs Java 17; minutes)
	@$(SUITE) -m needs_java tests/second_engine

bundle: .venv/installed ## one archive for a room without a network: build/marsad-….tar (docs/offline.md)
	@$(BIN)/python installation/write_bundle.py build

install-bundle: ## install such an archive where there is no network: make install-bundle BUNDLE=… TARGET=/opt/marsad
	@[ -f "$(BUNDLE)" ] && [ -n "$(TARGET)" ] || { echo "marsad: make install-bundle BUNDLE=marsad-….tar TARGET=/opt/marsad" >&2; exit 2; }
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && tar -xf "$(BUNDLE)" -C "$$folder" && sh "$$folder"/*/install.sh "$(TARGET)"

offline-room: .venv/installed ## make the archive, install it where there is no network and run the demo there (minutes; ROOM="--demo 2": fewer years)
	@$(BIN)/python -m installation.offline_room $(or $(ROOM),--demo)

demo: .venv/installed ## invent a country, receive its exports, build, release and report
	@$(BIN)/marsad demo $(DEMO)

# Two: a third process of tests cost as much CPU for its own imports as it filled of the waits for browser and office.
SUITE := $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

test: check .venv/desk ## check, then every test that builds no whole home (`whole` and `parity` run what is left)
	@$(SUITE) -m "not whole_home" --ignore tests/house --ignore tests/second_engine

whole: dev .venv/desk ## the tests of whole homes: the demo's truth and attacks, killed builds, many years (minutes)
	@$(SUITE) -m "whole_home and not by_hand" --ignore tests/house --ignore tests/second_engine

by-hand: dev ## what CI has no time for: what each stage of a build reads, watched anew, before a release (minutes)
	@$(SUITE) -m by_hand --ignore tests/house

check: dev ## the quick gate: format, lint, types, floors, SQL, house tests, side by side; what stands as it passed is not asked again
	@$(MAKE) --no-print-directory -j $(CORES) types sql quick lint floors

format: dev ## rewrite the formatting
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

lint: dev
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/oxlint --silent $$(git ls-files '*.js') || $(BIN)/oxlint $$(git ls-files '*.js')

types: dev .venv/desk
	@$(BIN)/python -m tests.house.what_changed

floors: dev .venv/desk
	@$(BIN)/lint-imports

sql: dev
	@$(BIN)/python -m pytest -q tests/house/test_sql.py

quick: dev .venv/desk
	@$(BIN)/python -m pytest -q tests/house --ignore tests/house/test_sql.py --changed

# The page of the warehouse is made from dbt's project alone: no rows are read.
docs: dev ## the documents, and the models of the warehouse, as pages that open without a server: build/docs/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@mkdir -p build/dbt
	@$(BIN)/python docs/machinery/warehouse_page.py $(CURDIR)/build/dbt
	@echo "marsad: open build/docs/index.html; models, columns and exposures of the warehouse: build/docs/warehouse.html"

# `make indicator NAME`: the second word is no target but the name.
ifeq (indicator,$(firstword $(MAKECMDGOALS)))
NAME ?= $(word 2,$(MAKECMDGOALS))
ifneq (,$(word 2,$(MAKECMDGOALS)))
.PHONY: $(word 2,$(MAKECMDGOALS))
$(word 2,$(MAKECMDGOALS)): ; @:
endif
endif
indicator: dev ## build one indicator with its tests, in seconds: make indicator presumed_victims
	@$(BIN)/python -m tests.dbt_project.one_indicator $(NAME)

lists: dev ## write anew what is derived from the cards: the reviewed graph, the list of indicators, the exposures
	@$(BIN)/python -m tests.house.derived_lists
	@$(BIN)/python -m tests.assets.test_graph

mutate: dev ## measure which small errors the tests see (hours; fewer: make mutate MUTATE="--package methods --mutants 20")
	@$(BIN)/python -m tests.mutation.measure_mutants $(MUTATE)

fuzz: dev .venv/desk ## examples drawn anew for every property, then damaged files for each reader (10 minutes; one: make fuzz READER=xlsx MINUTES=2)
	@$(if $(READER),:,$(SUITE) -m hypothesis --hypothesis-profile drawn --ignore tests/house)
	@$(BIN)/python -m tests.fuzz.fuzz_reader $(READER) --minutes $(or $(MINUTES),10)

# What users and developers have is resolved together first, so that no set asks for another version of a user's package.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate $(UPGRADE)
LOCKED = --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
lock: .venv/installed ## resolve the locks anew (they name no host); newer versions of everything: make lock UPGRADE=--upgrade
	@mkdir -p build && cat requirements.lock requirements-dev.lock > build/together.lock 2>/dev/null || :
	@$(COMPILE) --group setup --group dev pyproject.toml -o build/together.lock
	@$(COMPILE) $(LOCKED) --constraints build/together.lock --group setup pyproject.toml -o requirements.lock
	@for set in $(SETS); do \
	  $(BIN)/python -c "import sys, tomllib; card = tomllib.load(open('pyproject.toml', 'rb')); print(*(card['project']['optional-dependencies'] | card['dependency-groups'])[sys.argv[1]], sep=chr(10))" $$set \
	  | $(COMPILE) $(LOCKED) --constraints build/together.lock - \
	  -o requirements-$$set.lock \
	  $$(sed -n 's/^\([a-z0-9._-]*\)==.*/--no-emit-package \1/p' requirements.lock | sort -u) || exit 1; done

# The very packages of all locks, as a script's dependencies: the audit then asks about these and no others.
audit: .venv/installed ## ask OSV for known weaknesses of the locked packages (needs a network)
	@mkdir -p build
	@{ echo '# /// script'; echo '# requires-python = ">=3.11,<3.14"'; echo '# dependencies = ['; \
	  sed -n 's/^\([a-z0-9._-]*==.*[^ ]\) *\\$$/#   "\1",/p' requirements.lock $(SETS:%=requirements-%.lock); \
	  echo '# ]'; echo '# ///'; } > build/locked.py
	@$(BIN)/uv audit --preview --script build/locked.py

clean: ## remove what was built here (never a data home other than the demo's)
	@rm -rf .venv build home/demo .pytest_cache .ruff_cache dbt_project/target dbt_project/logs
