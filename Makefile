# Everything is set up on first use; only Python 3.11+ and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := runs/vostok-2022

.PHONY: demo test test-long lint types layers web clean

$(VENV)/.ready: pyproject.toml constraints.txt
	@echo "setting up $(VENV) (once) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Startex needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(VENV)/.ready  ## run Vostok-2022 whole and write its review
	@$(BIN)/startex run vostok-2022 --out $(RUN) --replace
	@$(BIN)/startex review $(RUN)
	@echo "next: $(BIN)/startex view $(RUN) shows it on the map"

test: $(VENV)/.ready  ## the default test level
	@$(BIN)/python -m pytest -n 2

test-long: $(VENV)/.ready  ## the longer level
	@$(BIN)/python -m pytest -m long -n 2

lint: $(VENV)/.ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/reuse --suppress-deprecation lint --quiet || $(BIN)/reuse lint

types: $(VENV)/.ready
	@$(BIN)/mypy

layers: $(VENV)/.ready
	@$(BIN)/lint-imports

web:  ## the page of the map: types, tests, and whether the built files are what its sources give
	@if command -v npm >/dev/null 2>&1; then builders/check_web.sh; \
	else echo "NO NPM: the sources of the page go unchecked; its built files are used as they are"; fi

clean:
	rm -rf $(VENV) web/node_modules runs .pytest_cache .mypy_cache .ruff_cache .hypothesis
