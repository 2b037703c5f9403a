# Everything from a fresh checkout, given Python 3.11 to 3.14 and make alone.

VENV := .venv
PYTHON := $(VENV)/bin/python
BASE := $(VENV)/installed-base
ALL := $(VENV)/installed-all
# Programs that exports are made for, to try them in.
HOSTS := tests/hosts/node_modules/.package-lock.json
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11

# pip unpacks gigabytes: not in /tmp, which may live in memory.
INSTALL := mkdir -p $(VENV)/tmp && TMPDIR="$(CURDIR)/$(VENV)/tmp" $(PYTHON) -m pip install \
	--disable-pip-version-check

# One thread a test run: two that share a busy machine wait for each other.
export OMP_NUM_THREADS ?= 1

.DELETE_ON_ERROR:
.PHONY: help run test check soak clean

help:
	@echo "make run     open the viewer; options go in ARGS, as in: make run ARGS='--grid 512x512'"
	@echo "make test    run the tests; some of them go in ARGS, as in: make test ARGS=tests/viewer"
	@echo "make check   style, types and the direction of imports"
	@echo "make soak    the tests that take hours"
	@echo "make clean   remove what building and testing leave behind"

run: $(BASE)
	@$(PYTHON) -m viewer.system_libraries run
	@$(VENV)/bin/lichen view $(ARGS)

test: $(ALL)
	$(PYTHON) -m viewer.system_libraries test
	@$(MAKE) --no-print-directory $(HOSTS)
	$(PYTHON) -m pytest --numprocesses 2 --dist loadfile $(ARGS)

soak: $(ALL)
	$(PYTHON) -m viewer.system_libraries test
	@$(MAKE) --no-print-directory $(HOSTS)
	$(PYTHON) -m pytest -m soak $(ARGS)

check: $(ALL)
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

clean:
	rm -rf build dist out *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find viewer shaders training exporters tests examples -name __pycache__ -exec rm -rf {} +
	@echo "The environment stays; remove it with: rm -rf $(VENV)"

$(BASE): pyproject.toml $(PYTHON)
	@echo "Installing Lichen: 80 MB to download, 350 MB on disk, about a minute."
	$(INSTALL) --editable .
	@touch $@

$(ALL): pyproject.toml $(PYTHON)
	@echo "Installing Lichen with all extras and the development tools: where PyTorch brings"
	@echo "CUDA along (Linux) 3.5 GB to download and 6.5 GB on disk; elsewhere about a fifth."
	$(INSTALL) --editable '.[all,dev]'
	@touch $(BASE) $@

$(HOSTS): tests/hosts/package.json tests/hosts/package-lock.json
	cd tests/hosts && npm install --no-save --ignore-scripts --omit=optional --no-audit --no-fund
	@touch $@

$(PYTHON):
	@for python in $(CANDIDATES); do \
		"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
			2>/dev/null || continue; \
		echo "Making an environment in $(VENV) with $$("$$python" --version)."; \
		"$$python" -m viewer.system_libraries venv && "$$python" -m venv $(VENV); \
		exit $$?; \
	done; \
	echo "Lichen needs Python 3.11, 3.12, 3.13 or 3.14, and none of these runs here:" \
		"$(CANDIDATES); install one from python.org or with your package manager." >&2; \
	exit 2
