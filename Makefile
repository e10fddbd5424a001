# Thin lines over pulumi, npm and scripts; `make help` lists them.
STACK ?= dev
RELEASE ?= local
SERVICE ?=
export STACK RELEASE SERVICE CONFIRM ACTION SKIP_BACKUP FORMAT
SHELL := /bin/bash

.PHONY: help setup up preview config down destroy recover drift rehearse release status ssh logs checks password check test sweep bench

help: ## What there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{ printf "  make %-10s %s\n", $$1, $$2 }'

setup: ## Set up the tools that are missing
	@toolchain/setup.sh

up: ## From nothing, or from what is there, to the application on HTTPS
	@commands/up.sh

preview: ## What `make up` would change
	@commands/preview.sh

config: ## Check the stack's configuration and the application, all findings at once
	@commands/config.sh --built local

down: ## Remove a local stack with its server and its data
	@commands/down.sh

destroy: ## Remove a cloud stack after a last backup: STACK=prod CONFIRM=prod
	@commands/destroy.sh

recover: ## After an `up` that was killed: free the lock, settle what is half made
	@commands/recover.sh

drift: ## What differs between the stack and what is really there
	@commands/drift.sh

rehearse: ## Run a cloud stack against the simulator: STACK=prod|staging ACTION=up|preview|destroy|remove
	@commands/rehearse.sh

release: ## Build the application's images and write releases/$(RELEASE).json
	@commands/release.sh

status: ## Server, containers, release, certificate, disk, last `up`; FORMAT=json
	@commands/status.sh

ssh: ## A shell on the server; or COMMAND="..." there
	@commands/ssh.sh

# Not for all: shells set LINES too, and a variable of the environment goes before one of Compose's .env.
logs: export FOLLOW := $(FOLLOW)
logs: export SINCE := $(SINCE)
logs: export LINES := $(LINES)
logs: ## What the containers print: SERVICE=api, FOLLOW=1, SINCE=10m, LINES=100
	@commands/logs.sh

checks: ## Check the running release: containers, HTTPS, the application's own checks
	@commands/checks.sh

password: ## Show a secret of the stack on the terminal: SECRET=adminPassword
	@commands/password.sh

check: ## Types, lint, formats, unit tests: under a minute
	@toolchain/setup.sh node dependencies && . toolchain/env.sh && npm run --silent check

test: ## Everything, with real parts; ends with the counts
	@test/run.sh

sweep: ## Long repeats: both cloud stacks killed after every single resource
	@test/sweep.sh

bench: ## Measured figures of this machine
	@bench/run.sh
