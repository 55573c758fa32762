# Two commands do everything: `make run` (the monthly job) and `make test`. Each builds .venv first where it is missing or old.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# Absolute, since the processes of the UI do not all start in this folder.
export DTSEN_LANDING := $(abspath $(or $(DTSEN_LANDING),landing))
export DTSEN_HOME := $(abspath $(or $(DTSEN_HOME),home))

.PHONY: run test setup ui lint bench lock clean

run: setup
	@$(BIN)/dtsen run

# A day must not depend on where the machine stands: the suite runs far from Jakarta, and what reads files, dates or clocks once more in
# its zone. The rest computes on days that are read already, and would double the time.
ZONED := $(addprefix tests/unit/test_,reader_files.py reader_workbooks.py reader_shapes.py reader_rules.py dates.py macros.py staging.py nik.py \
	arrival.py audit.py registry.py review.py definitions.py)

test: setup lint
	TZ=America/Los_Angeles $(BIN)/python -m pytest
	TZ=Asia/Jakarta $(BIN)/python -m pytest $(ZONED)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

setup: .venv/.installed

.venv/.installed: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

ui: setup
	@$(BIN)/dtsen ui

# Benchmarks against plain Splink and on data of others, into docs/benchmarks.md; BENCH="--quick" tries it out. The data of others
# comes from packages that need another pandas, so they live in a venv of their own.
bench: setup .venv-bench/.installed
	$(BIN)/python -m benchmarks $(BENCH)

.venv-bench/.installed: benchmarks/requirements.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.txt
	@touch $@

# Rewrites the hash-locked requirements from the pins in pyproject.toml.
lock: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --allow-unsafe --no-strip-extras --extra dev --python-version 3.11 pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --allow-unsafe --no-strip-extras --python-version 3.11 benchmarks/requirements.in -o benchmarks/requirements.txt

clean:
	rm -rf .venv .venv-bench home landing kebenaran
