#!/usr/bin/env bash
# build/check.sh [go|page]: formats, lint and types. Without a word: both.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$repo"

# lint TAGS PACKAGES... runs the linter of build/tools, with .golangci.yml.
lint() {
  local tags=$1
  shift
  go tool -modfile=build/tools/go.mod golangci-lint run --build-tags "$tags" "$@"
}

go_check() {
  local crooked
  crooked=$(gofmt -l main.go main_test.go app backend build)
  if [ -n "$crooked" ]; then
    printf 'Not formatted (make fmt does it):\n%s\n' "$crooked" >&2
    return 1
  fi
  # All files but one have these tags or none; the dev build has a file instead
  # of another.
  lint webkit2_41,desktop,production,window,pictures ./...
  lint webkit2_41,dev ./app
}

page_check() { (cd frontend && npm run --silent check); }

case ${1:-both} in
go) go_check ;;
page) page_check ;;
both)
  go_check
  page_check
  ;;
*)
  say "usage: build/check.sh [go|page]" >&2
  exit 2
  ;;
esac
