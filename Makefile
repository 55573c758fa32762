# Two commands do everything: `make run` (the monthly job) and `make test`; `make check` is the quick one before a commit. Each builds
# .venv first where it is missing or old.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# What .venv is made of. A server wants no test tools: `make setup LOCK=requirements.txt`.
LOCK ?= requirements-dev.txt
INSTALL := pip install --quiet --disable-pip-version-check --require-hashes
# Absolute, since the processes of the UI do not all start in this folder.
export DTSEN_LANDING := $(abspath $(or $(DTSEN_LANDING),landing))
export DTSEN_HOME := $(abspath $(or $(DTSEN_HOME),home))

.PHONY: run test check setup ui lint bench lock sbom advisories clean

run: setup
	@$(BIN)/dtsen run

# A day must not depend on where the machine stands: the suite runs far from Jakarta, and what reads files, dates or clocks once more in
# its zone. The rest computes on days that are read already, and would double the time.
ZONED := $(addprefix tests/unit/test_,reader_files.py reader_workbooks.py reader_shapes.py reader_rules.py dates.py macros.py staging.py nik.py \
	arrival.py audit.py registry.py review.py definitions.py)

# The homes of tests lie in memory where that has room (8 GB): every file of a home waits for the disk, and there are thousands.
test: export TMPDIR := $(or $(TMPDIR),$(shell df -Pk /dev/shm 2> /dev/null | awk 'NR == 2 && $$4 > 8000000 {print $$6}'),/tmp)
test: setup lint
	TZ=America/Los_Angeles $(BIN)/python -m pytest
	TZ=Asia/Jakarta $(BIN)/python -m pytest $(ZONED)

# What most changes can break, in less than a minute of processor time once mypy has its cache: layers, names, documents, contracts,
# typing, rules, and what Dagster sees.
QUICK := $(addprefix tests/unit/test_,layout.py naming.py docs.py reference.py contracts.py staging.py rules.py definitions.py)

check: lint
	$(BIN)/python -m pytest $(QUICK)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

setup: .venv/.installed

.venv/.installed: $(LOCK) pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m $(INSTALL) -r $(LOCK)
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
	.venv-bench/bin/python -m $(INSTALL) -r benchmarks/requirements.txt
	@touch $@

# Rewrites the hash-locked requirements from the pins in pyproject.toml. What is locked stays as it is unless a pin wants another.
COMPILE := .venv-tools/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --allow-unsafe \
	--no-strip-extras --python-version 3.11
lock: .venv-tools/.installed
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	$(COMPILE) --group tools -o requirements-tools.txt
	$(COMPILE) benchmarks/requirements.in -o benchmarks/requirements.txt

# The bill of materials (CycloneDX) of what a server installs.
sbom: .venv-tools/.installed
	@mkdir -p build
	.venv-tools/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o build/sbom.json requirements.txt
	@echo build/sbom.json

# What is locked against advisories about it, without a network: DB is a folder where the PyPI archive of osv.dev was unpacked.
advisories: setup
	@$(BIN)/python .ci/advisories.py "$(or $(DB),$(error DB=<folder of advisories>))" requirements*.txt benchmarks/requirements.txt

.venv-tools/.installed: requirements-tools.txt
	$(PYTHON) -m venv .venv-tools
	.venv-tools/bin/python -m $(INSTALL) -r requirements-tools.txt
	@touch $@

clean:
	rm -rf .venv .venv-bench .venv-tools home landing kebenaran
