# `make` or `make help` lists what there is. Only Python 3.11 or later, Node and git have to be there:
# everything else is installed into the folder, from locks with hashes.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
SPEED ?= 1
DATA ?= .local
ENV ?= staging
# The folder of procedure files, which can be in a repository of your own.
PROCEDURES ?= procedures
override PROCEDURES := $(abspath $(PROCEDURES))
# How many processes run the tests.
WORKERS ?= 2
PYTEST_ARGS ?=
SAM_ARGS ?=
# What `make test` runs, in this order.
PARTS := check test-rules test-lives test-stack test-clock

# The newest supported Python that works: one that a version manager only pretends to have fails here.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
	$$python -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		>/dev/null 2>&1 && echo $$python && break; done)

BIN := .venv/bin
APP := .venv/.installed
EMULATOR := .venv-emulator/.installed
SAM := .venv-sam/.installed
CHECKOV := .venv-checkov/.installed
UV := $(BIN)/uv
SOURCES = $(wildcard src local tests bench)
LOCKS := uv runtime authoring dev emulator sam checkov

export SAM_CLI_TELEMETRY := 0
export PROCEDURES
# The tests start hundreds of processes: without bytecode each would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

# In the recipe of an environment's stamp: what asks for installing it, if anything does.
STALE = $(filter-out always,$?)

# $(call install[,UV'S OPTIONS,PIP'S OPTIONS]): make the environment hold what its lock says, no more and no less. uv
# takes seconds; where it cannot reach the package index that pip is configured for, pip does it in a minute.
define install
{ $(UV) pip sync --quiet --require-hashes $(1) --python $(@D)/bin/python $< \
	|| { echo "uv could not install $<; trying pip" >&2; \
		$(BIN)/python -m pip --python $(@D)/bin/python install --quiet --require-hashes $(2) -r $<; }; }
endef

# Whatever edited a file of the environment in place did so in uv's cache too, so another installation from there
# would be worth nothing.
INTACT = $(BIN)/python -IS src/authoring/installed.py $(@D)
define mend
$(INTACT) || { echo 'Making $(@D) anew, without the cache' >&2; \
	$(call install,--no-cache --reinstall,--no-cache-dir --force-reinstall) && $(INTACT); }
endef

# Make the environment, where there is none yet.
new = { test -x $(@D)/bin/python || $(BIN)/python -m venv --without-pip --clear $(@D); }

# $(run-parts): run PARTS until one fails; say how long each took, and how to run the one that failed alone.
define run-parts
began=$$(date +%s); \
for part in $(PARTS); do \
	from=$$(date +%s); \
	$(MAKE) -j 2 $$part || { echo "$$part failed. To run it alone: make $$part" >&2; exit 1; }; \
	now=$$(date +%s); \
	took="$$took$$(printf '  %-11s %4d s' $$part $$((now - from)))\n"; \
done; \
printf "\n$$took  %-11s %4d s\n" total $$((now - began))
endef

define entry_point
#!/bin/sh
exec "$$(dirname -- "$$0")/python" -P -m cli.main "$$@"
endef
export entry_point

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: run
run: $(APP) $(EMULATOR) ## Serve everything on this machine [PORT=8000] [SPEED=1] [DATA=.local]
	@exec $(BIN)/dueprocess up --port $(PORT) --speed $(SPEED) --data $(DATA)

.PHONY: test
test: $(APP) $(SAM) $(CHECKOV) $(EMULATOR) ## Run what CI runs: check, then all tests [WORKERS=2] [PYTEST_ARGS=]
	@$(if $(PYTEST_ARGS),$(MAKE) -j 2 check && $(BIN)/pytest $(PYTEST_ARGS),$(run-parts))

.PHONY: test-rules
test-rules: $(APP) ## Run the tests of rules, words and adapters
	$(BIN)/pytest -q -n $(WORKERS) --dist loadfile --ignore tests/simulation --ignore tests/e2e --ignore tests/browser

.PHONY: test-lives
test-lives: $(APP) ## Run the tests on a simulated AWS that fails on purpose
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal tests/simulation

# Half of what these do is to wait, so one more than there are processors has something to do.
.PHONY: test-stack
test-stack: $(APP) $(EMULATOR) ## Run the tests on the local stack and in a browser
	$(BIN)/pytest -q -n $$(($(WORKERS) + 1)) --dist loadfile --no-loadscope-reorder tests/e2e tests/browser \
		--ignore $(ALONE) --ignore $(REHEARSAL) $(addprefix --ignore ,$(YEARS))

# A clock that runs a hundred thousand times as fast as the day has no patience for neighbours.
ALONE := tests/e2e/test_clock.py
.PHONY: test-clock
test-clock: $(APP) $(EMULATOR) ## Run the test on a fast clock, which goes alone
	$(BIN)/pytest -q $(ALONE)

# By every date that passes in years, with nobody acting at first, and by two more procedures; and ten kills in a row.
YEARS := tests/e2e/test_a_year.py tests/e2e/test_frameworks.py tests/e2e/test_complained_about.py
.PHONY: years
years: $(APP) $(EMULATOR) ## Live years at each organisation, and by two published frameworks, on the local stack
	KILLS=10 $(BIN)/pytest -q -n $(WORKERS) --dist loadfile $(YEARS) tests/e2e/test_kills.py

# It starts the stack six times, one after the other.
REHEARSAL := tests/e2e/test_rehearsal.py
.PHONY: rehearse
rehearse: $(APP) $(EMULATOR) ## Deploy from an empty account, adopt, upgrade, take back, restore, delete, adopt again
	$(BIN)/pytest -q $(REHEARSAL)

.PHONY: soak
soak: $(APP) ## Live cases on an AWS that fails on purpose [SEED=0] [SECONDS=60] [HISTORIES=] [PAIRS=]
	@PYTHONPATH=src:. $(BIN)/python -W ignore -m tests.simulation.soak --seed $(or $(SEED),0) $(if $(PAIRS),--pairs) \
		$(if $(HISTORIES),--histories $(HISTORIES)) $(if $(SECONDS),--seconds $(SECONDS),$(if $(HISTORIES),,--seconds 60))

.PHONY: teeth
teeth: $(APP) ## Weaken each rule that keeps a clause; what do its tests notice? [ORG="one another"] [ONLY=AB-02] [WORKERS=2]
	@PYTHONPATH=src:. $(BIN)/python -W ignore -m tests.teeth $(ORG) --processes $(WORKERS) $(if $(ONLY),--only '$(ONLY)')

.PHONY: check
check: check-types check-rest checkov ## Check style, types, imports between packages and the templates

# By itself, as it takes as long as the other two together.
.PHONY: check-types
check-types: $(APP)
	$(BIN)/mypy $(SOURCES)

.PHONY: check-rest
check-rest: $(APP) $(SAM)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo --no-cache
ifneq ($(wildcard template.yaml),)
	$(BIN)/cfn-lint template.yaml
	$(BIN)/cfn-lint --regions us-east-1 -- front.yaml
	.venv-sam/bin/sam validate --lint --template template.yaml --region eu-west-1
endif

# With a new exception goes its reason, in the same file.
.PHONY: checkov
checkov: $(CHECKOV) ## Ask the templates what is commonly asked of stacks on AWS
	.venv-checkov/bin/checkov --config-file .checkov.yaml

.PHONY: build
build: $(APP) ## Build the bundles that Lambda runs
	$(BIN)/dueprocess build

.PHONY: release
release: $(APP) ## Keep procedures as released versions [ORG="one another"; all where it is left out]
	$(BIN)/dueprocess release $(or $(ORG),$(basename $(notdir $(wildcard $(PROCEDURES)/*.yaml))))

.PHONY: deploy
deploy: build $(SAM) ## Deploy to AWS [ENV=staging] [GRADUAL=] [SAM_ARGS=]
	$(BIN)/dueprocess secret --env $(ENV)
	$(if $(GRADUAL),$(BIN)/dueprocess gradual --env $(ENV))
	.venv-sam/bin/sam deploy --config-env $(ENV) $(if $(GRADUAL),--template-file build/gradual.json) $(SAM_ARGS)

.PHONY: lock
lock: .venv/.uv ## Work out the locks in requirements/ again [UPGRADE=1 for newer versions]
	@cd requirements && for name in $(LOCKS); do \
		../$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
			$(if $(UPGRADE),--upgrade) $$name.in --output-file $$name.txt || exit 1; done

.PHONY: clean
clean: ## Remove all that make made, but for the local stack's data
	rm -rf .venv .venv-emulator .venv-sam .venv-checkov build .aws-sam .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	find $(SOURCES) -name __pycache__ -prune -exec rm -rf {} +

# The environments. A stamp is older than its lock: install again. What is there has to be intact each time.

.PHONY: always
always:

.venv/.uv: requirements/uv.txt
	@test -n '$(PYTHON)' || { echo 'Dueprocess needs Python 3.11, 3.12 or 3.13 with venv and pip.' >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(APP): requirements/dev.txt .venv/.uv always
	@$(if $(STALE),echo 'Installing the application and its tools into .venv' && $(install))
	@$(mend)
	@$(if $(STALE),printf '%s\n' '$(CURDIR)/src' '$(CURDIR)' \
		> "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/dueprocess.pth")
	@$(if $(STALE),printf '%s\n' "$$entry_point" > $(BIN)/dueprocess && chmod +x $(BIN)/dueprocess && touch $@)

.venv-%/.installed: requirements/%.txt .venv/.uv always
	@$(if $(STALE),echo 'Installing $< into $(@D)' && $(new) && $(install))
	@$(mend)
	@$(if $(STALE),touch $@)
