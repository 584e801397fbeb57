#!/usr/bin/env bash
# build/build.sh [page] [release] [dev]: builds the page, the release (the window,
# build/bin/keydesk, and the program without one, build/bin/keydeskd) and the build
# for browser tests (build/bin/keydesk-dev). Without arguments: page and release.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$repo"

# page builds the page if any of its sources is newer.
page() {
  local built=frontend/dist/index.html
  if [ -f "$built" ] && [ -z "$(find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune -o -type f -newer "$built" -print -quit)" ]; then
    return 0
  fi
  (cd frontend && npm run --silent build)
  # The build empties the folder; the placeholder is committed.
  touch frontend/dist/.gitkeep "$built"
}

version() { git describe --tags --always --dirty 2>/dev/null || echo dev; }

# program TAGS OUTPUT [PACKAGE]
program() {
  mkdir -p build/bin
  go build -tags "$1" -ldflags "-s -w -X main.version=$(version)" -o "build/bin/$2" "${3:-.}"
}

# release builds both programs.
release() {
  program webkit2_41,desktop,production keydesk
  program "" keydeskd ./backend/cmd/keydeskd
}

[ $# -gt 0 ] || set -- page release
for part in "$@"; do
  case $part in
  page) page ;;
  release) release ;;
  dev) program webkit2_41,dev keydesk-dev ;;
  *)
    say "usage: build/build.sh [page] [release] [dev]" >&2
    exit 2
    ;;
  esac
done
