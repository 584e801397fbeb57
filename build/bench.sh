#!/usr/bin/env bash
# build/bench.sh: the figures of RULES.md, Speed, one line each:
#
#   bench NAME MEASURED REFERENCE RATIO GOAL ok|short
#
# Both sides of a figure are measured in the same run, alternately. The exit code
# is 0 whether or not the goals are met. `build/bench.sh headless` measures that
# alone; the others of the backend alone are `go run ./backend/cmd/bench NAME`.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$repo"

rounds=${ROUNDS:-5}
scratch=$(mktemp -d)
display_pid= program_pid=
finish() {
  stop "$program_pid"
  stop "$display_pid"
  rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# bench NAME MEASURED REFERENCE UNIT GOAL prints a line; the goal is the highest
# ratio that is ok.
bench() {
  awk -v name="$1" -v measured="$2" -v reference="$3" -v unit="$4" -v goal="$5" 'BEGIN {
    ratio = measured / reference
    printf "bench %s %s%s %s%s %.2f <=%s %s\n", name, measured, unit, reference, unit, ratio, goal, ratio <= goal ? "ok" : "short"
  }'
}

median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

# microseconds since 1970
now() { echo "${EPOCHREALTIME/[.,]/}"; }

# launch WORD COMMAND... starts a program, waits until it prints WORD, and sets
# program_pid and painted_ms.
launch() {
  local word=$1 began
  shift
  : >"$scratch/said"
  began=$(now)
  "$@" >"$scratch/said" 2>&1 &
  program_pid=$!
  until grep -q "$word" "$scratch/said"; do
    if ! kill -0 "$program_pid" 2>/dev/null; then
      say "$1 ended before it had painted:" >&2
      cat "$scratch/said" >&2
      exit 1
    fi
    sleep 0.005
  done
  painted_ms=$((($(now) - began) / 1000))
}

# tree PID lists a process and all below it.
tree() {
  local pid=$1 child
  echo "$pid"
  for child in $(cat "/proc/$pid"/task/*/children 2>/dev/null); do tree "$child"; done
}

# pss PID is the memory of a process tree in kB, each shared page counted once.
pss() {
  local pid
  for pid in $(tree "$1"); do cat "/proc/$pid/smaps_rollup" 2>/dev/null || true; done |
    awk '/^Pss:/ { sum += $2 } END { print sum }'
}

bare() { launch '^painted' "$scratch/bare"; }

# Keydesk on an office with 5,000 setups, until its first screen is painted. That
# is Unlock and not Sign in, since there is no keyring here.
keydesk() { launch 'screen=unlock' build/bin/keydesk --data "$scratch/office"; }

measure_window() {
  # shellcheck disable=SC2046 # flags
  gcc -O2 -Wno-deprecated-declarations -o "$scratch/bare" build/bare/bare.c $(pkg-config --cflags --libs gtk+-3.0 webkit2gtk-4.1)
  export DBUS_SESSION_BUS_ADDRESS=$no_bus
  start_display 1440x900 "$scratch"
  local round which
  for round in $(seq 0 "$rounds"); do
    for which in bare keydesk; do
      $which
      sleep 2
      # The first round warms the disk's cache.
      if [ "$round" != 0 ]; then
        echo "$painted_ms" >>"$scratch/$which.paint"
        echo $(($(pss "$program_pid") / 1024)) >>"$scratch/$which.memory"
      fi
      stop "$program_pid"
      program_pid=
    done
  done
  bench paint "$(median <"$scratch/keydesk.paint")" "$(median <"$scratch/bare.paint")" ms 1.3
  bench memory "$(median <"$scratch/keydesk.memory")" "$(median <"$scratch/bare.memory")" MB 1.5
}

# wait_for WORD [TIMES] waits until the program has printed it, as often as said.
wait_for() {
  local tries
  for tries in $(seq 2000); do
    [ "$(grep -c "$1" "$scratch/said")" -ge "${2:-1}" ] && return
    sleep 0.01
  done
  say "the window did not print $1" >&2
  cat "$scratch/said" >&2
  exit 1
}

said_ms() { sed -n "s/.*screen=$1 ms=//p" "$scratch/said" | tail -n 1; }

sign_in() {
  sleep 1
  xdotool type --delay 8 'admin'
  xdotool key Tab
  xdotool type --delay 8 'correct-horse-battery-9'
  xdotool key Return
}

# choose WORDS opens what the palette finds.
choose() {
  sleep 1
  xdotool key ctrl+k
  sleep 1
  xdotool type --delay 8 "$1"
  sleep 1
  xdotool key Return
}

# The time from the answer to the sign-in until the figures of the dashboard are
# painted, and until the list of 5,000 is, for a person who signs in where the list
# was open; each compared with the first paint of the bare window in the same run.
measure_list() {
  local round window
  for round in $(seq 0 "$rounds"); do
    bare
    stop "$program_pid"
    [ "$round" = 0 ] || echo "$painted_ms" >>"$scratch/bare.list"
    launch 'screen=unlock' build/bin/keydesk --data "$scratch/office"
    window=$(xdotool search --sync --onlyvisible --name '^Keydesk$' | tail -n 1)
    xdotool windowfocus --sync "$window"
    sleep 1
    xdotool type --delay 8 'six words that only benchmarks know'
    xdotool key Return
    wait_for 'screen=signed-out'
    sign_in
    wait_for 'screen=dashboard-figures'
    [ "$round" = 0 ] || echo $(($(said_ms dashboard-figures) - $(said_ms answered))) >>"$scratch/keydesk.first"
    choose 'API Key Setup'
    wait_for 'screen=setups-list'
    choose 'Sign out'
    wait_for 'screen=signed-out' 2
    sign_in
    wait_for 'screen=setups-list' 2
    [ "$round" = 0 ] || echo $(($(said_ms setups-list) - $(said_ms answered))) >>"$scratch/keydesk.list"
    stop "$program_pid"
    program_pid=
  done
  bench paint_dashboard "$(median <"$scratch/keydesk.first")" "$(median <"$scratch/bare.list")" ms 1
  bench paint_list "$(median <"$scratch/keydesk.list")" "$(median <"$scratch/bare.list")" ms 1
}

# keydeskd until it is ready, with the data key from a keyring, and its memory,
# compared with an empty server.
measure_headless() {
  go build -ldflags "-s -w" -o "$scratch/" ./backend/cmd/bench ./backend/cmd/bareserver
  build/virtual.sh "$scratch/bench" headless build/bin/keydeskd "$scratch/bareserver"
}

if [ $# -gt 0 ]; then
  for one in "$@"; do "measure_$one"; done
  exit
fi
if [ -d backend/cmd/bench ]; then
  DBUS_SESSION_BUS_ADDRESS=$no_bus go run ./backend/cmd/bench
fi
DBUS_SESSION_BUS_ADDRESS=$no_bus go run ./backend/cmd/bench office "$scratch/office"
measure_headless
measure_window
measure_list
awk -v bytes="$(stat -c %s build/bin/keydesk)" 'BEGIN {
  size = bytes / 1048576
  printf "bench binary %.1fMB - - <=30MB %s\n", size, size <= 30 ? "ok" : "short"
}'
