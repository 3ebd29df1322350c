# What one types in this house; `make` alone lists it.
# Everything is done in .venv beside this file, which is made when it is first needed.

PYTHON ?= python3
UV ?= uv
VENV := .venv/bin/python
PIP := $(VENV) -m pip -qq --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help demo test soak mutants bench catalogue pictures lint lock package

help:
	@echo "make <target>, where <target> is one of:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1	\2/p' Makefile

demo: .venv/installed  ## Server, laptop and invented data, to look at in a browser; ONCE=1 walks through it and ends
	@$(VENV) -m server.demo $(if $(ONCE),--once)

test: lint  ## Everything that must hold before a change is kept: lint, then the tests on two cores
	@$(VENV) -m pytest -n 2 --dist loadgroup $(ARGS)

soak: .venv/developed  ## Sync under drawn schedules for a night: SEEDS=1000 of them, FROM=1, REAL=1 with real processes; prints each seed that breaks
	@$(VENV) -m tests.simulator.soak --seeds $(or $(SEEDS),1000) --from $(or $(FROM),1) $(if $(REAL),--real)

mutants: .venv/developed  ## Break one promise at a time in a copy, and show that the tests named for it fail; NAMES="..." for some
	@$(VENV) -m tests.mutations $(NAMES)

bench: .venv/installed  ## The figures, as JSON lines on stdout; SIZE=S, M or L for one size
	@$(VENV) -m benchmarks $(if $(SIZE),--size $(SIZE))

package: .venv/developed  ## The laptop's program for this kind of machine, as a folder that needs no Python, and its archive for updates, in dist/
	@$(VENV) -m field_client.packaging.build

catalogue: .venv/developed  ## English: bring the catalogue up to what is said in Vietnamese, and name what has no English yet
	@$(VENV) -m tests.catalogue

pictures: .venv/developed  ## The pictures of the guide, from the pages as they are; look at them before they are kept
	@DOI178_PICTURES=1 DOI178_REQUIRE_BROWSER=1 $(VENV) -m pytest -q tests/browser/test_guide_pictures.py

lint: .venv/developed  ## Ruff, and mypy: strict on schemas/ and sync/
	@$(VENV) -m ruff check --quiet .
	@$(VENV) -m mypy --no-error-summary

# A month is time enough for others to find a bad release; a newer one is let in here by name.
lock:  ## Resolve setup.cfg again into both locks (needs uv)
	@$(call resolve,requirements.lock,--extra build)
	@$(call resolve,requirements-dev.lock,--extra build --extra dev --constraint requirements.lock)

resolve = $(UV) pip compile --quiet setup.cfg $(2) --output-file $(1) \
	--universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" \
	--exclude-newer "30 days" --exclude-newer-package marshmallow=2026-11-23 --exclude-newer-package xlsxwriter=2026-11-23

# A stamp is written last and taken away first: an installation that was cut short has none, and is made again
# from nothing. All of it talks on stderr, since stdout belongs to `make bench`.

.venv/runtime: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Doi178 needs Python 3.11 or newer. Name one: make $(or $(MAKECMDGOALS),demo) PYTHON=python3.12" >&2; exit 1; }
	@echo "Installing what Doi178 stands on into .venv, once ..." >&2
	@$(PYTHON) -m venv --clear .venv >&2
	@$(PIP) install --require-hashes --requirement requirements.lock >&2
	@touch $@

.venv/installed: .venv/runtime setup.cfg pyproject.toml $(wildcard */__init__.py)
	@$(PIP) install --no-index --no-deps --no-build-isolation --editable . >&2
	@touch $@

.venv/developed: requirements-dev.lock .venv/runtime | .venv/installed
	@echo "Installing what the tests need into .venv, once ..." >&2
	@rm -f .venv/runtime
	@$(PIP) install --require-hashes --requirement requirements-dev.lock >&2
	@touch .venv/runtime .venv/installed $@
