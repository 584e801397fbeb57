#!/usr/bin/env bash
# build/run.sh [--demo] [--data FOLDER]: opens the window. Without a display it
# starts a virtual one, says so, and writes a picture of the window to
# build/screenshot.png. With KEYDESK_SHOT_ONLY=1 it stops after the picture.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$repo"

if ! has_bus; then
  say "There is no session bus here, so there is no system keyring to keep secrets in; Keydesk asks for a passphrase instead."
  export DBUS_SESSION_BUS_ADDRESS=$no_bus
fi
if has_display && [ -z "${KEYDESK_SHOT_ONLY:-}" ]; then
  exec build/bin/keydesk "$@"
fi

scratch=$(mktemp -d)
display_pid= program_pid=
finish() {
  trap - EXIT INT TERM
  stop "$program_pid"
  stop "$display_pid"
  rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "There is no display here: Keydesk opens on a virtual one, 1440 x 900."
start_display 1440x900 "$scratch"

: >"$scratch/said"
build/bin/keydesk "$@" > >(tee -a "$scratch/said") 2>&1 &
program_pid=$!

for _ in $(seq 300); do
  grep -q 'msg=painted' "$scratch/said" && break
  kill -0 "$program_pid" 2>/dev/null || break
  sleep 0.1
done
if ! grep -q 'msg=painted' "$scratch/said"; then
  say "The window did not come up." >&2
  exit 1
fi
# The first screen shows its data a moment after its first paint.
sleep 1.5
import -window root -trim +repage build/screenshot.png
say "A picture of the window is in build/screenshot.png."

code=0
if [ -n "${KEYDESK_SHOT_ONLY:-}" ]; then
  kill "$program_pid"
else
  say "Keydesk runs until you press Ctrl-C."
fi
wait "$program_pid" || code=$?
program_pid=
exit "$code"
