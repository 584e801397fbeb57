#!/usr/bin/env bash
# build/fuzz.sh [TIME]: runs every fuzz target for TIME, such as 5m; 10 s by
# default.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$repo"

time=${1:-10s}
export DBUS_SESSION_BUS_ADDRESS=$no_bus
count=0
while IFS=: read -r file line; do
  target=$(sed -E 's/^func (Fuzz[A-Za-z0-9_]*).*/\1/' <<<"$line")
  say "$target in ./$(dirname "$file"), $time"
  go test -vet=off -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 5s "./$(dirname "$file")"
  count=$((count + 1))
done < <(grep -rE '^func Fuzz[A-Za-z0-9_]*\(' --include='*_test.go' app backend | sort)
if [ "$count" = 0 ]; then
  say "No fuzz target was found." >&2
  exit 1
fi
say "$count fuzz targets"
