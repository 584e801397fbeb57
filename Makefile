# Keydesk. `make` lists what can be done; each target is one script in build/.

.DEFAULT_GOAL := help
.PHONY: help run demo test soak bench check dev generate build screenshots fmt

help: ## list these targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: ## install what is missing, build, and open the window on your own data
	@build/setup.sh run && build/build.sh page release && build/run.sh $(if $(DATA),--data "$(DATA)")

demo: ## the same with the demo office, in a folder that is thrown away
	@build/setup.sh demo && build/build.sh page release && build/run.sh --demo

test: ## install what tests need and run everything that proves the tree
	@build/test.sh

soak: ## the long forms: 5 minutes a fuzz target, more kills
	@build/test.sh soak

bench: ## measure, one line a figure
	@build/setup.sh test && build/build.sh page release && build/bench.sh

check: ## formats, lint and types
	@build/setup.sh run && build/check.sh

dev: ## the page in a browser, reloading as you type, on a data folder of its own
	@build/setup.sh run && build/build.sh page dev && build/dev.sh

generate: ## write what repeats the operations: Go handlers, the door, the page's table, wailsjs
	@go run -tags generate ./backend/cmd/generate && go run -tags bindings . >/dev/null

build: ## build build/bin/keydesk
	@build/setup.sh run && build/build.sh page release

screenshots: ## take the README's pictures, light and dark
	@build/setup.sh test && build/build.sh page release && build/screenshots.sh

fmt: ## format everything
	@gofmt -w main.go main_test.go app backend build && npm --prefix frontend run --silent fmt
