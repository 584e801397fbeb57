#!/usr/bin/env bash
# build/fuzz.sh [TIME]: runs every fuzz target for TIME, such as 5m; 10 s by
# default.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$repo"

time=${1:-10s}
export DBUS_SESSION_BUS_ADDRESS=$no_bus
log=$(mktemp)
trap 'rm -f "$log"' EXIT
count=0

# fuzz TARGET PACKAGE fuzzes one target. Where the time ends while Go tries to make
# an input smaller, Go fails with "context deadline exceeded" although nothing was
# found: then it writes no input. Such a run is repeated.
fuzz() {
  local try
  for try in 1 2 3; do
    if go test -vet=off -run '^$' -fuzz "^$1\$" -fuzztime "$time" -fuzzminimizetime 5s "$2" 2>&1 | tee "$log"; then
      return 0
    fi
    if grep -q 'Failing input written' "$log" || ! grep -q '^    context deadline exceeded$' "$log"; then
      return 1
    fi
    say "$1 ran out of time while it made an input smaller; once more ($try)"
  done
  return 1
}

while IFS=: read -r file line; do
  target=$(sed -E 's/^func (Fuzz[A-Za-z0-9_]*).*/\1/' <<<"$line")
  say "$target in ./$(dirname "$file"), $time"
  fuzz "$target" "./$(dirname "$file")"
  count=$((count + 1))
done < <(grep -rE '^func Fuzz[A-Za-z0-9_]*\(' --include='*_test.go' app backend | sort)
if [ "$count" = 0 ]; then
  say "No fuzz target was found." >&2
  exit 1
fi
say "$count fuzz targets"
