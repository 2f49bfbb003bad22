# make demo    a newcomer's first minute        make test    all tests
# make check   style, types, layers             make figures the figures that the README claims, measured
# make readme  its tables, written anew          make simulate exactly-once under 10,000 seeds of faults
# make faults   everything that may go wrong, done on purpose, with its figure (an hour)
# make coverage branch coverage of what exactly-once hangs on
# make install the set-up that all of them call
# make producers  the examples in C and Node: needs cc, node, npm and libzmq's headers; without it, make test skips them
.PHONY: install demo test check figures faults coverage simulate readme producers format clean
.DEFAULT_GOAL := install

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

install: $(STAMP)

# Runs again only when what it depends on has changed; a half-made environment leaves no stamp.
$(STAMP): pyproject.toml deploy/constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "streamer needs Python 3.11 or newer; got: $$($(PYTHON) --version 2>&1); do this: make PYTHON=python3.12"; exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "creating .venv"; $(PYTHON) -m venv --clear .venv; } || \
	  { echo "do this: install Python's venv module (on Debian: apt-get install python3-venv)"; exit 2; }
	@echo "installing what deploy/constraints.txt pins (the first time takes a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint deploy/constraints.txt --editable '.[dev]'
	@touch $(STAMP)

demo: install
	@$(BIN)/streamer demo

test: install
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal

check: install
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/lint-imports
	$(BIN)/mypy

# For one seed that failed: make simulate FIRST=63 SEEDS=1
SEEDS ?= 10000
FIRST ?= 0
simulate: install
	$(BIN)/python -m tests.simulation.simulation --seeds $(SEEDS) --first $(FIRST)

# What of deploy/producers has to be built; on Debian: apt-get install libzmq3-dev zlib1g-dev
producers:
	$(MAKE) --no-print-directory -C deploy/producers

readme: install
	$(BIN)/python -m tests.documentation.tables

figures: install
	$(BIN)/python tests/figures/measure.py

# For one line of the table: make faults FAULTS='--only kills'; for the README: FAULTS=--markdown
FAULTS ?=
faults: install
	$(BIN)/python -m tests.faults $(FAULTS)

COVERED := wire transport checkpoints spool
coverage: install
	$(BIN)/coverage run -m pytest --quiet $(wildcard $(COVERED:%=streamer/%) $(COVERED:%=tests/%)) \
	  $(filter-out %/test_learner_laws.py %/test_source_laws.py,$(wildcard tests/contracts/*.py)) tests/service
	$(BIN)/coverage report

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .screenshots .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
