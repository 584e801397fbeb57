# Keydesk. `make` lists the targets; most are scripts in build/.

.DEFAULT_GOAL := help
.PHONY: help run demo test soak bench check dev generate build screenshots fmt

help: ## list these targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: ## install what is missing, build, and open the window on your own data
	@build/setup.sh run && build/build.sh page release && build/run.sh $(if $(DATA),--data "$(DATA)")

demo: ## the same with the demo office, in a temporary folder
	@build/setup.sh demo && build/build.sh page release && build/run.sh --demo

test: ## install what the tests need and run all tests and checks
	@build/test.sh

soak: ## the long tests: 5 minutes for each fuzz target, more kills
	@build/test.sh soak

bench: ## measure speed, memory and size, one line for each figure
	@build/setup.sh test && build/build.sh page release && build/bench.sh

check: ## check formatting, lint and types
	@build/setup.sh run && build/check.sh

dev: ## the page in a browser, reloading as you type, on a separate data folder
	@build/setup.sh run && build/build.sh page dev && build/dev.sh

generate: ## write the code generated from the operations: Go handlers, the door, the page's table, wailsjs
	@go run -tags generate ./backend/cmd/generate && go run -tags bindings . >/dev/null

build: ## build build/bin/keydesk and, without a window, build/bin/keydeskd
	@build/setup.sh run && build/build.sh page release

screenshots: ## take the README's pictures, light and dark
	@build/setup.sh test && build/build.sh page release && build/screenshots.sh

fmt: ## format everything
	@gofmt -w main.go main_test.go app backend build && npm --prefix frontend run --silent fmt
