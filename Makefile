# innocap-lms: the commands of a working copy. `make help` lists them.
# Needs POSIX sh and GNU make 3.81 or newer; asks nothing and never needs root.

SHELL = /bin/sh
PORT ?= 8000
BIN = .venv/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check install -qq
PYTEST = -m pytest -n auto -rs --no-fold-skipped
UV = uv==0.13.8

# What was compiled once is kept, whatever the environment says: tests start the program often.
export PYTHONDONTWRITEBYTECODE =

# The first Python on the path that is new enough; PYTHON=... names another.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; \
	done)

# A checkout that was moved has commands in .venv that point to the old folder: install them anew.
ifneq ($(wildcard .venv/made-in),)
ifneq ($(shell cat .venv/made-in),$(CURDIR))
$(shell rm -f .venv/made-in .venv/has-*)
endif
endif

.PHONY: help run test full coverage slow bench scale corpora fuzz wheel lock editor format clean

help:
	@echo "make run      the site on http://127.0.0.1:$(PORT), with a demo municipality"
	@echo "make test     every check that can run here; says what was skipped"
	@echo "make full     the long checks: coverage, slow, corpora, wheel, fuzz, bench, scale (each runs alone too)"
	@echo "make format   put the Python files into shape"
	@echo "make lock     compile requirements/ anew; UPGRADE=--upgrade takes newer versions"
	@echo "make editor   build the text editor anew from tools/editor (needs Node.js 20 and npm)"
	@echo "make clean    remove what the others made; the data in var/ stays"
	@echo "PYTHON=... chooses the Python, PORT=... the port, INNOCAP_...=... any setting."

# ------------------------------------------------------------------ the virtual environment

.venv/made-in:
	@if test -z "$(PYTHON)" || ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
		echo "innocap-lms needs Python 3.11 or newer. On Debian or Ubuntu install the packages" >&2; \
		echo "python3 and python3-venv, on macOS python from Homebrew; PYTHON=... names one." >&2; \
		exit 1; fi
	@if ! "$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null; then \
		echo "$(PYTHON) cannot make virtual environments: install the package python3-venv" >&2; \
		echo "(Debian and Ubuntu: apt install python3-venv), then run make again." >&2; \
		exit 1; fi
	@echo "Making .venv with $$("$(PYTHON)" --version)"
	@$(BIN)/python -c '' 2>/dev/null || "$(PYTHON)" -m venv --clear .venv
	@echo "$(CURDIR)" > $@

.venv/has-run: requirements/run.txt setup.cfg pyproject.toml | .venv/made-in
	@echo "Installing what the site needs (requirements/run.txt)"
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/has-test: requirements/test.txt .venv/has-run
	@echo "Installing what the tests need (requirements/test.txt)"
	@$(PIP) --require-hashes -r requirements/test.txt
	@touch $@

.venv/has-bench: requirements/bench.txt .venv/has-test
	@echo "Installing what the benchmarks need (requirements/bench.txt)"
	@$(PIP) --require-hashes -r requirements/bench.txt
	@touch $@

.venv/has-fuzz: requirements/fuzz.txt .venv/has-test
	@echo "Installing what fuzzing needs (requirements/fuzz.txt)"
	@$(PIP) --require-hashes -r requirements/fuzz.txt
	@touch $@

# ------------------------------------------------------------------ run and test

run: .venv/has-run
	@PORT="$(PORT)" $(BIN)/innocap-lms demo --serve

test: .venv/has-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@echo "-- tests on SQLite"
	$(BIN)/python $(PYTEST) -m "not slow and not browser"
	@echo "-- journeys in a browser"
	$(BIN)/python $(PYTEST) -m "not slow" tests/browser
	@echo "-- tests on PostgreSQL"
	INNOCAP_TEST_DATABASE=postgres $(BIN)/python $(PYTEST) -m "not slow and not browser"

# ------------------------------------------------------------------ long checks

full: coverage slow corpora wheel fuzz bench scale

# Tracing doubles the time of the tests, so it is not done at each change.
coverage: .venv/has-test
	$(BIN)/coverage erase
	$(BIN)/coverage run $(PYTEST) -m "not slow and not browser"
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

slow: .venv/has-test
	$(BIN)/python -m pytest -m slow || test $$? -eq 5  # 5: no such test yet

bench: .venv/has-bench
	$(BIN)/python -m benchmarks.run $(BENCH)

# 20,000 people and 1,000,000 events, on both databases: about an hour.
scale: .venv/has-bench
	$(BIN)/python -m benchmarks.follow_up --write

fuzz: .venv/has-fuzz
	$(BIN)/python -m tests.full.fuzz

corpora: .venv/has-test
	$(BIN)/python -m tests.full.corpora

wheel: .venv/has-test
	$(BIN)/python -m tests.full.wheel

# ------------------------------------------------------------------ keeping house

format: .venv/has-test
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

# Four locks that agree: each is compiled against the one before it. A lock's present versions
# are kept where they still fit.
COMPILE = .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url $(UPGRADE)

lock: .venv/made-in
	@test -x .venv-lock/bin/uv || { $(BIN)/python -m venv .venv-lock && \
		.venv-lock/bin/python -m pip --disable-pip-version-check install -qq $(UV); }
	$(COMPILE) --extra postgres setup.cfg requirements/build.in -o requirements/run.txt
	$(COMPILE) --extra postgres --extra test -c requirements/run.txt \
		setup.cfg requirements/build.in -o requirements/test.txt
	$(COMPILE) --extra postgres --extra test --extra bench -c requirements/test.txt \
		setup.cfg requirements/build.in -o requirements/bench.txt
	$(COMPILE) --extra postgres --extra test --extra fuzz -c requirements/test.txt \
		setup.cfg requirements/build.in -o requirements/fuzz.txt

# The packages come from the registry that npm is set up with, by the hashes of the lock file.
editor:
	@node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2>/dev/null || { \
		echo "The editor is built with Node.js 20 or newer and npm." >&2; exit 1; }
	cd tools/editor && npm ci --ignore-scripts && node build.mjs

clean:
	rm -rf .venv .venv-lock build dist htmlcov .coverage .coverage.* *.egg-info \
		.mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache \
		tools/*/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
