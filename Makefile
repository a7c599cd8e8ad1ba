# Two commands do everything: `make study` and `make test`. Both set up the virtual environment first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)
# arguments of pytest that select tests; all of them if empty
TESTS ?=
TOGETHER := -q -n $(WORKERS) --dist loadgroup --no-loadscope-reorder

.PHONY: study test slow lint docs site bench compiled pure wheels clean

$(VENV)/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

study: $(VENV)/ready  ## the main job: eight levels of hours, 30 worlds each with twins, and the report
	$(BIN)/sim study scenarios/studies/hours.yaml --workers $(WORKERS) --force -o results/hours

# each worker has one core: threads of linear algebra would wait for each other; and what is imported is compiled once
test slow: export OPENBLAS_NUM_THREADS := 1
test slow: export PYTHONDONTWRITEBYTECODE :=

test: $(VENV)/ready  ## the test suite, or TESTS of it
	$(BIN)/python -m pytest $(TOGETHER) $(TESTS)

slow: $(VENV)/ready  ## the long statistical tests
	$(BIN)/python -m pytest $(TOGETHER) -m slow $(TESTS)

lint: $(VENV)/ready  ## style, types, direction of imports, prose
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/prose.py
	@.ci/audit $(BIN)

docs: $(VENV)/ready  ## references that are generated from the code
	$(BIN)/python -m sim.scenario.reference
	$(BIN)/python -m sim.cli.reference
	$(BIN)/python -m sim.workflows.reference
	$(BIN)/python -m sim.report.text.extract_messages
	$(BIN)/python -m sim.report.text.glossary
	$(BIN)/python -c 'from sim.experiment.columns import schema_markdown as text; print(text(), end="")' > docs/results-schema.md

site: $(VENV)/ready  ## the documentation as a site that opens offline: build/site/index.html; a dead link is an error
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going --nitpicky docs build/site

bench: $(VENV)/ready  ## timings as ratios, and what common random numbers buy
	$(BIN)/python -m benchmarks

compiled: $(VENV)/ready  ## the model as machine code, in place: needs a compiler and some minutes
	SIM_COMPILE=1 $(BIN)/python setup.py --quiet build_ext --inplace

pure:  ## no machine code any more: what is run is what is read
	rm -f sim__mypyc.*.so sim/model/*.so sim/measures/*.so

wheels: $(VENV)/ready  ## packages to install: one for any machine, one for machines like this
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	SIM_COMPILE=1 $(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: pure
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
