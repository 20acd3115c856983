# Every command of the README. `make` alone lists them; each target says what it is about to do.

PYTHON ?= python3
PY := .venv/bin/python
PATHS := app.py hatch_build.py lambda_warden functions stacks warden sensor demo bench examples tests

# The programs of the virtual environment come first, also for what they start themselves.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export CDK_DISABLE_CLI_TELEMETRY := 1
# Container images set it. Without byte code every start compiles some megabytes of the CDK anew.
unexport PYTHONDONTWRITEBYTECODE
# The README says it once; jsii would say it in eleven lines at every start.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

PYTHON_READY := .venv/.ready
NODE_READY := node_modules/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo up down replay attack report guard-release test unit fuzz check format synth wheel deploy docs lock bench

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /make \1 | /p' $(MAKEFILE_LIST) | \
	  while IFS='|' read -r name text; do printf '%-14s%s\n' "$$name" "$$text"; done

setup: $(PYTHON_READY) $(NODE_READY) ## install the pinned tools, and the command .venv/bin/warden
	@echo "Ready: $$($(PY) --version), CDK $$(node_modules/.bin/cdk --version)." >&2

demo: $(PYTHON_READY) $(NODE_READY) ## deploy into an AWS on this machine and watch alerts arrive
	@echo "Deploying Lambda Warden into a local AWS and making an estate for it to watch." >&2
	@$(PY) -m demo $(DEMO_OPTIONS)

up: $(PYTHON_READY) $(NODE_READY) ## the same local AWS with the stack deployed, left running
	@echo "Starting a local AWS and deploying Lambda Warden into it." >&2
	@$(PY) -m demo.up

down: $(PYTHON_READY) ## end what `make up` started
	@echo "Ending the local AWS of make up." >&2
	@$(PY) -m demo.down

# Standard output carries the alerts and nothing else.
replay: $(PYTHON_READY) $(NODE_READY) ## feed EVENTS=file.json through the deployed rules; alerts as JSON lines
	@test -n "$(EVENTS)" || { echo "Name a file: make replay EVENTS=demo/events/cloudtrail.json" >&2; exit 2; }
	@echo "Replaying $(EVENTS) in a local AWS." >&2
	@$(PY) -m warden replay --format json "$(EVENTS)"

# Standard output carries the report's path and nothing else.
report: $(PYTHON_READY) ## the estate in one HTML file, from the deployment of your AWS credentials
	@echo "Reading the estate of the account of your credentials." >&2
	@$(PY) -m warden report --format table $(REPORT_OPTIONS)

attack: $(PYTHON_READY) ## replay a denial-of-wallet attack with and without the guard into docs/attack.svg
	@echo "Replaying an attack on a model of an account; this takes half a minute." >&2
	@$(PY) -m demo.attack

guard-release: $(PYTHON_READY) ## stop the guard and restore every function that it limits, now, with your credentials
	@echo "Stopping the guard, and restoring everything that it limits, in the account of your credentials." >&2
	@$(PY) -m warden guard release --all $(GUARD_OPTIONS)

# More examples for the property tests, where it is set.
export THOROUGH

test: check ## everything: check, unit, stack, integration and end-to-end tests; THOROUGH=1: more examples
	@echo "Running the unit and stack tests." >&2
	@$(PY) -m pytest -q -n auto tests/unit tests/stacks
	@echo "Running the integration and end-to-end tests, each in a local AWS." >&2
	@# They wait more than they compute. In order, so that the longest file is not the last.
	@$(PY) -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder tests/integration
	@$(PY) -m pytest -q -n 2 --dist loadfile tests/e2e

unit: $(PYTHON_READY) ## the unit tests alone
	@echo "Running the unit tests." >&2
	@$(PY) -m pytest -q -n auto tests/unit

fuzz: $(PYTHON_READY) ## each parser of bytes from outside against hostile input, a minute each; one: TARGET="zip"
	@echo "Fuzzing every parser of bytes from outside, a minute each." >&2
	@$(PY) -m tests.fuzz $(if $(TARGET),"$(TARGET)")

check: $(PYTHON_READY) $(NODE_READY) ## lint, formatting and types
	@echo "Checking style, formatting and types." >&2
	@$(PY) -m ruff check $(PATHS)
	@$(PY) -m ruff format --check $(PATHS)
	@$(PY) -m mypy

format: $(PYTHON_READY) ## rewrite the code in the project's format
	@echo "Formatting." >&2
	@$(PY) -m ruff check --fix-only --quiet $(PATHS)
	@$(PY) -m ruff format $(PATHS)

synth: $(PYTHON_READY) $(NODE_READY) ## synthesize for a real account into cdk.out, with all validations
	@echo "Synthesizing the templates into cdk.out." >&2
	@node_modules/.bin/cdk synth --quiet "**" $(CDK_OPTIONS)

wheel: $(PYTHON_READY) ## build the installable package into dist
	@echo "Building the wheel into dist." >&2
	@$(PY) -m hatchling build -t wheel

deploy: $(PYTHON_READY) $(NODE_READY) ## deploy into the account and region of your AWS credentials
	@echo "Deploying into the AWS account of your credentials. See the README for what it needs and costs." >&2
	@node_modules/.bin/cdk deploy "**" $(CDK_OPTIONS)

docs: $(PYTHON_READY) ## rewrite the pages that are made from code: rules, settings, permissions, commands
	@echo "Writing docs/rules.md, docs/runbooks/README.md, docs/settings.md, docs/permissions.md and docs/command-line.md." >&2
	@$(PY) -m stacks.rules_page
	@$(PY) -m stacks.settings_page
	@$(PY) -m stacks.permissions.page
	@$(PY) -m warden.command_table

lock: $(PYTHON_READY) ## refresh the exact versions in constraints.txt, and the layers' with their hashes
	@echo "Resolving the newest versions that fit together for every supported Python." >&2
	@mkdir -p .local
	@grep -hv -e '^-[cr]' -e '^#' requirements.txt requirements-dev.txt \
	  $$(find functions -name requirements.txt) | sort -u > .local/lock.in
	@$(PY) -m uv pip compile --quiet --universal --upgrade --python-version 3.11 \
	  --no-header --no-annotate --no-emit-index-url --output-file .local/lock.out .local/lock.in
	@mv .local/lock.out constraints.txt
	@grep -hv '^#' $$(find functions -name requirements.txt) | sort -u > .local/lock.in
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --constraint constraints.txt \
	  --output-file .local/lock.out .local/lock.in
	@mv .local/lock.out functions/requirements.lock && rm .local/lock.in

bench: $(PYTHON_READY) ## the measurements
	@echo "Measuring; this takes some minutes." >&2
	@$(PY) -m bench

$(PYTHON_READY): constraints.txt pyproject.toml requirements.txt requirements-dev.txt
	@echo "Setting up Python packages in .venv." >&2
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON): not found. Install Python 3.11 or newer, or name it: make PYTHON=python3.13 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version): too old. Install Python 3.11 or newer, or name it: make PYTHON=python3.13 ..." >&2; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv .venv >&2 || { echo "The venv module is missing; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv >&2
	@$(PY) -m uv pip install --quiet --python $(PY) --requirements requirements-dev.txt >&2
	@$(PY) -m uv pip install --quiet --python $(PY) --no-deps --editable . >&2
	@mkdir -p .local && touch $@

$(NODE_READY): package.json package-lock.json
	@echo "Setting up the CDK command line in node_modules." >&2
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "node or npm: not found. Install Node.js 22 or newer; 20 still works." >&2; exit 1; }
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' || { echo "Node.js $$(node --version): too old. Install 22 or newer; 20 still works." >&2; exit 1; }
	@npm ci --silent --no-audit --no-fund >&2
	@touch $@
