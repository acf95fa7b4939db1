# The commands of this project. `make run` and `make test` need nothing but Python 3.11+ and make.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export HOST ?= 127.0.0.1
export PORT ?= 8000
export PYTHONUNBUFFERED := 1

.PHONY: run test check bench chaos format clean help
.DEFAULT_GOAL := help

help:
	@echo "make run    start the site at http://$(HOST):$(PORT)/ (HOST and PORT change it)"
	@echo "make test   run every test on the backends that answer (REQUIRE_SERVICES=1: on all)"
	@echo "make check  formatting, lint, types, import rules, templates, content"
	@echo "make bench  what the documents claim about speed, measured"
	@echo "make chaos  3,000 mails while workers and Redis are killed: none doubled, none lost"
	@echo "make format rewrite the code in the house format"

$(VENV)/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; set PYTHON=/path/to/it.") if sys.version_info < (3, 11) else 0'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv module is missing (Debian: apt-get install python3-venv)."; exit 1; }
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

run: $(VENV)/.runtime
	@exec $(BIN)/python -m healing.serve

test: $(VENV)/.development
	@exec $(BIN)/python tests/run.py

check: $(VENV)/.development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy manage.py healing journal exercises
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python -m tests.check_templates
	VAR_DIR=$$(mktemp -d) $(BIN)/python manage.py makemigrations --check --dry-run
	VAR_DIR=$$(mktemp -d) $(BIN)/python manage.py load_content --check

bench: $(VENV)/.development
	for one in journal insights score steady reminder_mail reminders; do $(BIN)/python -m bench.$$one; done

chaos: $(VENV)/.development
	@exec $(BIN)/python -m tests.reminders.chaos

format: $(VENV)/.development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
