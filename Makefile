# The few commands of the project; `make` alone lists them.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 7860
CORPUS ?= corpus
INDEX ?= index
BENCH ?= $(CORPUS)
CACHE ?= build/bench-library
LOAD ?=
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help install run test test-all torture lint bench bench-library load

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

install: .venv/.installed ## make .venv and install everything into it

.venv/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make install PYTHON=python3.12" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@# Modules are compiled when they are first imported: most of what is installed never is.
	$(BIN)/python -m pip install --no-compile --quiet --disable-pip-version-check -c constraints.txt -e '.[fast,dev]'
	$(BIN)/python -m assistant.indexing.prepare
	touch $@

run: install ## index the corpus and serve the page (HOST, PORT, CORPUS, INDEX)
	$(BIN)/assistant index --corpus "$(CORPUS)" --index "$(INDEX)"
	$(BIN)/assistant serve --corpus "$(CORPUS)" --index "$(INDEX)" --host "$(HOST)" --port "$(PORT)"

test: install ## the fast tests
	$(BIN)/pytest -m "not slow" -n 2 --dist loadfile --no-loadscope-reorder

test-all: test ## the fast tests, then the slow ones
	$(BIN)/pytest -m slow -n 2 --dist loadfile --no-loadscope-reorder

torture: install ## index under kills, full disks, damage and swaps, long (TORTURE_SEED)
	TORTURE=1 $(BIN)/pytest -m slow --timeout 3600 tests/torture

lint: install ## formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: install ## pages read per second (BENCH: a folder of PDFs), beside pypdf and PDFium
	$(BIN)/python scripts/bench_reading.py "$(BENCH)"

bench-library: install ## what 2,000 documents cost: a run, a brief added, a question (CACHE: kept between runs)
	PYTHONPATH=tests:. $(BIN)/python scripts/bench_library.py "$(CACHE)"

load: install ## twenty people who ask at once for five minutes, and what they wait (CORPUS, INDEX, LOAD: options)
	$(BIN)/assistant index --corpus "$(CORPUS)" --index "$(INDEX)"
	$(BIN)/python scripts/load_page.py --corpus "$(CORPUS)" --index "$(INDEX)" $(LOAD)
