# The two commands: `make run` serves the portal, `make check` proves it. The README says the rest.

PYTHON ?= python3
VENV = .venv/bin
LOCK = $(VENV)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
PRODUCTION_SETTINGS = PRODUCTION=1 ALLOWED_HOSTS=cdm.example.org SITE_ADDRESS=https://cdm.example.org \
	SECRET_KEY=only-for-the-deployment-check-0123456789-abcdefghijklmnopqrstuvwxyz

.PHONY: run editor registry test check explore lint migrations deploy format lock development bench-menu bench-scale bench-desk bench-search bench-library bench-news bench-serve bench-stores bench-load bench-lighthouse bench-relevance bench-registry try-formats

run: ## Serve the portal on http://127.0.0.1:8000 (PORT and VAR_DIR move it)
	@exec $(PYTHON) -m scripts.run

editor: ## Make the first editor, an administrator
	@$(PYTHON) -m scripts.environment
	@$(VENV)/python manage.py prepare
	@exec $(VENV)/python manage.py createsuperuser

registry: ## Import a folder of registry data (FOLDER=../data; ARGS=--dry-run only checks)
	@$(PYTHON) -m scripts.environment
	@$(VENV)/python manage.py prepare
	@exec $(VENV)/python manage.py import_registry $(FOLDER) $(ARGS)

test: ## All tests on SQLite and on PostgreSQL (ARGS goes to pytest)
	@exec $(PYTHON) -m scripts.test $(ARGS)

check: export REGISTRY_DATA ?= $(wildcard ../shared/data)
check: ## Everything that CI checks
	@$(PYTHON) -m scripts.machine
	@$(MAKE) --no-print-directory lint migrations deploy test

explore: ## The tests that draw their examples, with new seeds (ARGS=--seed=N repeats a run)
	@$(PYTHON) -m scripts.explore $(ARGS)

try-formats: development ## Schemathesis, all phases, against every address of /data/openapi.json (ARGS="--examples 50 --only /projects/")
	$(VENV)/python -W ignore -m bench.formats $(ARGS)

lint: development ## Style, templates, and the arrows between the rooms
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/python -m scripts.templates --check
	$(VENV)/lint-imports

migrations: development ## Every change of a model has its migration
	$(VENV)/python -W error manage.py makemigrations --check --dry-run

deploy: development ## The settings of a production site
	$(PRODUCTION_SETTINGS) $(VENV)/python -W error manage.py check --deploy --fail-level WARNING

bench-serve: development ## What a page costs, beside nginx, bare WSGI, Django and Wagtail (needs wrk and nginx)
	$(VENV)/python -m bench.serve $(ARGS)

bench-stores: development ## What each store of the process saves a page that is drawn anew
	$(VENV)/python -m bench.stores $(ARGS)

bench-load: development ## Mixed addresses for a minute while an editor publishes (needs wrk)
	$(VENV)/python -m bench.load $(ARGS)

bench-relevance: development ## How well the search answers, beside FTS5 and BM25 (ARGS=--misses names what was missed)
	$(VENV)/python -m bench.relevance $(ARGS)

bench-lighthouse: development ## Lighthouse on five pages, mobile and desktop, median of three (needs Chromium and node)
	$(VENV)/python -m bench.lighthouse $(ARGS)

format: development ## Write Python and templates in the house's form
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .
	$(VENV)/python -m scripts.templates

bench-scale: development ## What a publication and the first request after it cost with 1,000 and 10,000 pages (ARGS: another checkout to compare)
	$(VENV)/python -W ignore -m bench.scale $(ARGS)

bench-desk: development ## What the desk's pages cost with 1,000 and 10,000 pages (ARGS: another checkout to compare)
	$(VENV)/python -W ignore -m bench.desk $(ARGS)

bench-menu: development ## The menu at a past moment, 1,000 pages with 50 editions each, on SQLite and PostgreSQL
	$(VENV)/python -m bench.menu

bench-search: development ## The search engine against stock Haystack with Whoosh, 1,000 and 10,000 documents
	$(VENV)/python -W ignore -m bench.search

bench-library: development ## The library's lists with 100 and with 5,000 documents, on SQLite and PostgreSQL
	$(VENV)/python -m bench.library

bench-news: development ## The news archive and its feeds with 100 and with 5,000 items, on SQLite and PostgreSQL
	$(VENV)/python -m bench.news

bench-registry: development ## Import, first load, memory, facets, pages and files of the registry, 1x and 10x generated (ARGS=--data FOLDER)
	$(VENV)/python -W ignore -m bench.registry $(ARGS)

lock: development ## Write the lock files anew from the .in files
	$(LOCK) --output-file=requirements.txt requirements.in
	$(LOCK) --output-file=requirements-dev.txt requirements-dev.in

development:
	@$(PYTHON) -m scripts.environment --dev
