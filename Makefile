.DEFAULT_GOAL := help
SHELL := /usr/bin/env bash
DOTNET_BUILD := dotnet msbuild EventDesk.sln -restore -m -nologo -v:q -p:Configuration=Release

.PHONY: help run build test test-fast lint lint-api bench bench-small crash demo stop clean purge-data

help: ## shows this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## serves on http://127.0.0.1:8080, with a PostgreSQL of its own; Ctrl-C stops both
	@ops/run

build: ## builds everything
	@$(DOTNET_BUILD)

test: ## runs all tests on a PostgreSQL of their own (ARGS="EventDesk.Store.Tests --filter ~Append")
	@ops/test $(ARGS)

test-fast: ## runs the tests of the domain, without a database
	@ops/test --fast $(ARGS)

lint: ## checks formatting, analyzers, scripts and configuration files
	@ops/lint

lint-api: ## checks the OpenAPI document of a running server (URL=http://127.0.0.1:8080)
	@ops/lint-api $(URL)

bench: ## measures against PostgreSQL's and Kestrel's floors; writes artifacts/bench.json
	@dotnet run -c Release --project tests/EventDesk.Benchmarks -- $(ARGS)

bench-small: ## the same with 10,000 tickets, in under 5 minutes
	@dotnet run -c Release --project tests/EventDesk.Benchmarks -- --small $(ARGS)

crash: ## kills service, PostgreSQL and import with -9 at random instants, 50 rounds (ROUNDS=n)
	@EVENTDESK_CRASH_ROUNDS=$(or $(ROUNDS),50) ops/test --filter "FullyQualifiedName~CrashTests|FullyQualifiedName~F7_killed" EventDesk.Server.Tests

demo: ## fills a database of its own with weeks of a believable desk, marked as sample, and serves the console on it
	@ops/demo

stop: ## stops the PostgreSQL of this checkout
	@ops/postgres stop
	@ops/postgres stop --data .data/test-postgres

clean: stop ## stops PostgreSQL and removes everything built; the data stays
	@rm -rf artifacts TestResults
	@find src tests -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +

purge-data: ## stops PostgreSQL and deletes its data and the master key
	@ops/postgres purge
