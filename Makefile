# The two commands of the README are `make run` and `make test`; `make help` lists the others.
# Where make itself is missing:  apt-get install -y make

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON_ENV := .venv/bin
SOURCES := cse_desktop tests
# Compiled files are what makes the second start quick.
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME VIRTUAL_ENV

.PHONY: help setup run test lint types unit desktop interop faults bench fuzz fuzz-ci kills machines testkit fmt lock upgrade clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 16

setup: ## system packages, .venv, the program; quick when nothing is missing
	@scripts/setup

run: setup ## open the window on the sandbox
	@if [ -z "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ] && [ "$$(uname)" = Linux ]; then \
	  echo "There is no screen here: neither DISPLAY nor WAYLAND_DISPLAY is set." >&2; \
	  echo "Run it in a desktop session, or on a made-up screen:  xvfb-run -a make run" >&2; \
	  echo "The command line needs none:  .venv/bin/cse --help" >&2; \
	  exit 1; fi
	@$(PYTHON_ENV)/cse-desktop --sandbox

test: ## everything that must be green before a commit
	@scripts/setup interop
	@$(MAKE) --no-print-directory lint types unit fuzz-ci desktop

lint:
	$(PYTHON_ENV)/ruff check .
	$(PYTHON_ENV)/ruff format --check .
	$(PYTHON_ENV)/lint-imports

types:
	$(PYTHON_ENV)/mypy

unit: # two at a time; widgets live on Qt's offscreen platform
	$(PYTHON_ENV)/python -m pytest -q -n 2 --dist worksteal -m "not serial"

desktop: # one after the other as written, like a person at one window, on a screen of their own
	scripts/on-a-desktop $(PYTHON_ENV)/python -m pytest -q -m serial -p no:randomly

interop: ## only the tests against other encryption clients: Amazon's for Python, Debian's for Ruby
	@scripts/setup interop
	$(PYTHON_ENV)/python -m pytest -q tests/interop

BENCH_RUNS ?= 5
bench: ## our transfers beside those of other tools; writes docs/performance.md; an hour
	@scripts/setup bench
	rm -f .bench.jsonl
	$(PYTHON_ENV)/python -m benchmarks.transfers --runs $(BENCH_RUNS) --results .bench.jsonl
	$(PYTHON_ENV)/python -m benchmarks.report .bench.jsonl

faults: setup ## the tests of faults, with transfers past boto3 and once more through it
	$(PYTHON_ENV)/python -m pytest -q -n 2 tests/faults
	TRANSFERS=library $(PYTHON_ENV)/python -m pytest -q -n 2 tests/faults

FUZZ_SECONDS ?= 600
fuzz: setup ## random input for all that reads what others wrote; FUZZ_SECONDS=600 for each target
	$(PYTHON_ENV)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)

ROUNDS ?= 200
EXAMPLES ?= 5000
kills: setup ## kill transfers ROUNDS=200 times a mode, and keep books; half an hour
	$(PYTHON_ENV)/python -m tests.faults.killloop --rounds $(ROUNDS)

machines: setup ## EXAMPLES=5000 random lives of an upload and of a download; hours
	MACHINE_EXAMPLES=$(EXAMPLES) $(PYTHON_ENV)/python -m pytest -q -o faulthandler_timeout=0 \
	  tests/faults/test_resume.py tests/faults/test_resume_down.py -k whatever_happens

fuzz-ci: # twenty seconds for each target, two at a time
	$(PYTHON_ENV)/python -m tests.fuzz --seconds 20

testkit: setup ## write tests/vectors/testkit again; nothing changes unless its program did
	$(PYTHON_ENV)/python -m tests.testkit

fmt: ## put the code in shape
	$(PYTHON_ENV)/ruff check --fix .
	$(PYTHON_ENV)/ruff format .

LOCK := $(PYTHON_ENV)/uv pip compile --quiet --universal --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --python-version 3.11

lock: setup ## pin what pyproject.toml newly asks for, and keep the other versions
	$(LOCK) $(UPGRADE) pyproject.toml --all-extras --group dev --group fuzz -o requirements-dev.lock
	$(LOCK) $(UPGRADE) pyproject.toml -c requirements-dev.lock -o requirements.lock
	$(LOCK) $(UPGRADE) tests/interop/requirements.in -o tests/interop/requirements.lock
	$(LOCK) $(UPGRADE) benchmarks/requirements.in -o benchmarks/requirements.lock

upgrade: ## pin the newest versions of everything
	$(MAKE) lock UPGRADE=--upgrade

.NOTPARALLEL:

clean: ## remove the environments and what the tools left
	rm -rf .venv .venv-interop .venv-bench .bench.jsonl .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
