# Everything runs in .venv, made on the first call from the locked requirements. Needs Python 3.11 or newer.
PYTHON ?= python3
PIP = .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes
FAQ ?= knowledge/faq

.PHONY: help chat bot check charts scenes pictures score torture fuzz audit quick test lint lock

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.* ## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do printf '%-10s%s\n' "$$name" "$$text"; done

chat: .venv/run ## talk with the bot in the terminal
	@.venv/bin/python -m knowledge chat --faq $(FAQ)

bot: .venv/run ## run it on Telegram; needs TELEGRAM_BOT_TOKEN, from the environment or .env
	@.venv/bin/python -m bot

check: .venv/run ## prove every figure, quotation and name
	@.venv/bin/python -m knowledge check --faq $(FAQ)

charts: .venv/dev ## draw the pictures of the figures anew
	@.venv/bin/python -m charts

scenes: .venv/dev ## play the scenes of tests/scenes/plays.py and write down anew what people see
	REWRITE=1 .venv/bin/python -m pytest tests/process/test_scenes.py -k snapshot_says

pictures: .venv/dev ## take the pictures of docs/pictures anew that are old; needs chromium
	@.venv/bin/python -m tests.scenes.pictures

score: .venv/dev ## how well it answers questions it was not trained on
	@.venv/bin/python -m bench.score

torture: .venv/dev ## kill the bot again and again, on both databases, and count what was lost
	.venv/bin/python -m tests.torture

fuzz: .venv/dev ## send it a hundred thousand random and broken updates
	.venv/bin/python -m tests.fuzz

audit: .venv/dev ## look for known vulnerabilities in what the locks name
	@.ci/audit

quick: .venv/dev ## the tests that need no process, no connection and no image: under a minute
	.venv/bin/python -m pytest -n 2 --dist worksteal tests/knowledge tests/bot

test: .venv/dev lint check ## lint, types, the proof of the knowledge, the tests
	.venv/bin/python -m pytest

lint: .venv/dev ## style, types, the Dockerfile
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache --no-logo
	.venv/bin/hadolint Dockerfile

lock: .venv/dev ## renew the locks after a change of pyproject.toml
	.venv/bin/python -m pip install --quiet uv
	.venv/bin/uv pip compile -q pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header -o requirements.txt
	.venv/bin/uv pip compile -q pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-header -o requirements-dev.txt

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Verbatim needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@touch $@

.venv/run: .venv/python requirements.txt
	@echo "Installing what the bot needs into .venv…" >&2
	@$(PIP) -r requirements.txt
	@touch $@

.venv/dev: .venv/python requirements-dev.txt
	@echo "Installing what the tests need into .venv…" >&2
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/run
