#!/usr/bin/env bash
# build/test.sh [soak]: runs all checks and tests in order, stops at the first
# step that fails, and sums up at the end. With soak each fuzz target runs for 5
# minutes and the tests take their long forms (KEYDESK_SOAK=1).
set -uo pipefail
. "$(dirname "$0")/lib.sh"
cd "$repo"

passed=0 failed=0 report=
fuzz_time=10s limit=20m
if [ "${1:-}" = soak ]; then
  export KEYDESK_SOAK=1
  fuzz_time=5m limit=4h
fi

summary() {
  printf '\n%s%s passed, %s failed\n' "$report" "$passed" "$failed"
  [ "$failed" = 0 ]
}

# step NAME COMMAND... runs one step under a heading.
step() {
  local name=$1 began=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if "$@"; then
    passed=$((passed + 1))
    report+="  passed  $name ($((SECONDS - began)) s)"$'\n'
  else
    failed=$((failed + 1))
    report+="  FAILED  $name ($((SECONDS - began)) s)"$'\n'
    summary
    exit 1
  fi
}

go_tests() {
  # The lint step has already run go vet. Tests must not use the person's session
  # bus; those that need a bus start one.
  DBUS_SESSION_BUS_ADDRESS=$no_bus go test -count=1 -vet=off -timeout "$limit" . ./app/... ./backend/...
}

# stress looks for data races while everything runs at once for 30 s.
stress() {
  DBUS_SESSION_BUS_ADDRESS=$no_bus go test -race -count=1 -vet=off -timeout 10m -run TestEverythingAtOnce ./backend
}

size() {
  local bytes
  bytes=$(stat -c %s build/bin/keydesk)
  say "build/bin/keydesk has $bytes bytes"
  if [ "$bytes" -gt $((30 * 1024 * 1024)) ]; then
    say "The limit is 30 MiB." >&2
    return 1
  fi
}

real_window() {
  go test -count=1 -vet=off -timeout "$limit" -tags webkit2_41,desktop,production,window ./app ./build/window
}

has_e2e() { grep -q '"e2e":' frontend/package.json; }

browser() {
  cd frontend && KEYDESK_DEV_BINARY="$repo/build/bin/keydesk-dev" ../build/virtual.sh npm run --silent e2e
}

step "Setting up" build/setup.sh test
step "Go: formats and lint" build/check.sh go
step "Page: formats, lint and types" build/check.sh page
step "Page: unit tests" npm --prefix frontend run --silent test
step "Page: build" build/build.sh page
step "Go: tests" go_tests
if [ -n "${KEYDESK_SOAK:-}" ]; then
  step "Go: everything at once, under the race detector" stress
fi
step "Go: fuzz targets, $fuzz_time each" build/fuzz.sh "$fuzz_time"
step "Program: build" build/build.sh release
step "Program: size" size
step "Program: in a real window" real_window
step "Program: build for browsers" build/build.sh dev
has_e2e && step "Page: in a browser, against the real program" browser
summary
