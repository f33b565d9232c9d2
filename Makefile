# Everything runs in .venv, made on the first call from the locked requirements. Needs Python 3.11 or newer.
PYTHON ?= python3
VENV ?= .venv
PIP = $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes
INSTALL = $(VENV)/bin/uv pip install --quiet --python $(VENV)/bin/python --require-hashes
LOCK = $(VENV)/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header
FAQ ?= knowledge/faq

.PHONY: help chat bot check charts scenes pictures score torture fuzz audit quick test lint lock

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.* ## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do printf '%-10s%s\n' "$$name" "$$text"; done

chat: $(VENV)/run ## talk with the bot in the terminal
	@$(VENV)/bin/python -m knowledge chat --faq $(FAQ)

bot: $(VENV)/run ## run it on Telegram; needs TELEGRAM_BOT_TOKEN, from the environment or .env
	@$(VENV)/bin/python -m bot

check: $(VENV)/run ## prove every figure, quotation and name
	@$(VENV)/bin/python -m knowledge check --faq $(FAQ)

charts: $(VENV)/dev ## draw the pictures of the figures anew
	@$(VENV)/bin/python -m charts

scenes: $(VENV)/dev ## play the scenes of tests/scenes/plays.py and write down anew what people see
	REWRITE=1 $(VENV)/bin/python -m pytest tests/process/test_scenes.py -k snapshot_says

pictures: $(VENV)/dev ## take the pictures of docs/pictures anew that are old; needs chromium
	@$(VENV)/bin/python -m tests.scenes.pictures

score: $(VENV)/dev ## how well it answers questions it was not trained on
	@$(VENV)/bin/python -m bench.score

torture: $(VENV)/dev ## kill the bot again and again, on both databases, and count what was lost
	$(VENV)/bin/python -m tests.torture

fuzz: $(VENV)/dev ## send it a hundred thousand random and broken updates
	$(VENV)/bin/python -m tests.fuzz

audit: $(VENV)/dev ## look for known vulnerabilities in what the locks name
	@.ci/audit

quick: $(VENV)/dev ## the tests that need no process, no connection and no image: some three minutes
	$(VENV)/bin/python -m pytest -n 2 --dist worksteal tests/knowledge tests/bot

test: $(VENV)/dev lint check ## lint, types, the proof of the knowledge, the tests; MEASURE=--cov tells what they run
	@# the longest file first, so that the other processes are not left waiting for it
	$(VENV)/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder tests/process/test_torture.py tests $(MEASURE)

lint: $(VENV)/dev ## style, types, the Dockerfile
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-cache --no-logo
	$(VENV)/bin/hadolint Dockerfile

lock: $(VENV)/dev ## renew the locks after a change of pyproject.toml
	$(LOCK) pyproject.toml --extra meaning --group dev -o requirements-dev.txt
	@# what runs is what was tested
	$(LOCK) pyproject.toml --extra meaning --constraint requirements-dev.txt -o requirements.txt
	echo uv | $(LOCK) - -o requirements-uv.txt

$(VENV)/python: requirements-uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Verbatim needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements-uv.txt
	@touch $@

$(VENV)/run: $(VENV)/python requirements.txt
	@echo "Installing what the bot needs into $(VENV)…" >&2
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/dev: $(VENV)/python requirements-dev.txt
	@echo "Installing what the tests need into $(VENV)…" >&2
	@$(INSTALL) -r requirements-dev.txt
	@touch $@ $(VENV)/run
