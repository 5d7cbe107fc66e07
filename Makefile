# Every target builds what it needs: Python 3.11+, venv and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check notebooks figures bench fuzz format clean

demo: $(VENV)/.ready
	$(BIN)/keepout run scenarios/northwest_syria_2022.yaml --seed 7

test: $(VENV)/.ready
	$(BIN)/pytest -q --numprocesses auto --dist worksteal

check: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

notebooks: $(VENV)/.ready
	$(BIN)/python -m tests.notebooks

figures: $(VENV)/.ready
	$(BIN)/keepout plot scenarios/northwest_syria_2022.yaml --seed 7 --kind timeline -o notebooks/figures/timeline.svg
	$(BIN)/keepout plot scenarios/wrong_position.yaml --kind chain --entry violation-1 -o notebooks/figures/chain.svg
	kept=$$(mktemp -d) \
	&& $(BIN)/keepout sweep notebooks/data/lead_and_breadth.yaml --out $$kept/sweep > $$kept/said \
	&& $(BIN)/keepout plot $$kept/sweep --kind responses --factor buffer -o notebooks/figures/responses.svg \
	&& rm -r $$kept

bench: $(VENV)/.bench
	$(BIN)/python -m tests.bench

fuzz: $(VENV)/.ready
	$(BIN)/python -m tests.fuzzing

format: $(VENV)/.ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

$(VENV)/.bench: $(VENV)/.ready
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev,bench]'
	touch $@
