#!/usr/bin/env bash
# build/check.sh [go|page]: checks formatting, lint and types. Without an
# argument: both.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$repo"

# lint TAGS PACKAGES... runs the linter from build/tools with .golangci.yml.
lint() {
  local tags=$1
  shift
  go tool -modfile=build/tools/go.mod golangci-lint run --build-tags "$tags" "$@"
}

go_check() {
  local unformatted
  unformatted=$(gofmt -l main.go main_test.go app backend build)
  if [ -n "$unformatted" ]; then
    printf 'Not formatted (make fmt does it):\n%s\n' "$unformatted" >&2
    return 1
  fi
  # Every file but one has no tags or only these; the dev build has one other
  # file.
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
