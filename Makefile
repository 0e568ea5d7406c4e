# The two commands: `make run` and `make test`. `make help` lists the rest.

# The first Python on PATH that is new enough; set PYTHON to choose another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)
PORT ?= 8000
ARGS ?=
INSTANCES ?=
MANAGE = .venv/bin/python manage.py
# The commands of a checkout keep to it, whatever servers the shell points at.
OWN = env -u DATABASE_URL -u REDIS_URL -u DJANGO_SETTINGS_MODULE

.DEFAULT_GOAL := help
.PHONY: run test test-long test-faults check fix messages lock bench bench-roster screenshots help venv venv-dev

run: ## start the demo centre at http://127.0.0.1:8000 (PORT=8001 for another port)
	@$(PYTHON) callcentre/port.py $(PORT)
	@$(MAKE) --no-print-directory venv
	@exec $(OWN) LOG_LEVEL=$${LOG_LEVEL:-WARNING} DEMO=1 STATE_DIR=var PORT=$(PORT) $(MANAGE) serve --prepare

test: venv-dev ## all tests: on SQLite, on PostgreSQL with Redis, in a browser (ARGS="tests/people -k login")
	@exec .venv/bin/python tests/run.py $(ARGS)

test-long: venv-dev ## the same with 500 rounds where `make test` does 50
	@exec .venv/bin/python tests/run.py --long $(ARGS)

test-faults: venv-dev ## only the tests that kill, hang and restart processes
	@exec .venv/bin/python tests/run.py --faults $(ARGS)

check: venv-dev ## formatting, lint, types, import direction, migrations, translations, generated files; changes nothing
	@exec .venv/bin/python bin/check $(ARGS)

fix: venv-dev ## repair what `make check` can repair
	@exec .venv/bin/python bin/check --fix

messages: venv-dev ## bring locale/ up to date with the code
	@exec .venv/bin/python bin/messages

lock: venv-dev ## write requirements*.txt from requirements*.in, with hashes (ARGS=--upgrade for newer versions)
	@exec .venv/bin/python bin/lock $(ARGS)

bench: venv-dev ## speed beside a bare Django page (ARGS to choose a part)
	@exec .venv/bin/python -m bench $(ARGS)

bench-roster: venv-dev ## the roster solver on public instances (INSTANCES=their folder, ARGS="--seconds 60")
	@test -n "$(INSTANCES)" || { echo "Say where the instances are: make bench-roster INSTANCES=folder" >&2; exit 2; }
	@exec .venv/bin/python -m bench.roster "$(INSTANCES)" $(ARGS)

screenshots: venv-dev ## take the README's pictures anew, into docs/screenshots/
	@exec .venv/bin/python bin/screenshots

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1	/p' Makefile | expand -t 16

venv:
	@$(PYTHON) bin/venv requirements.txt

venv-dev:
	@$(PYTHON) bin/venv requirements-dev.txt
