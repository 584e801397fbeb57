#!/usr/bin/env bash
# build/dev.sh: for work on the page. Vite serves the page and reloads it, and the
# dev build of the program answers its calls. Open http://localhost:34115 in a
# browser, or look at the window.
#
# Anything on this computer can make calls to the dev build without signing in.
# It listens on the loopback address only and has a separate data folder
# (keydesk-dev); never give it real data.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$repo"

scratch=$(mktemp -d)
display_pid= page_pid= program_pid=
finish() {
  trap - EXIT INT TERM
  stop "$program_pid"
  stop "$page_pid"
  stop "$display_pid"
  rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

has_bus || export DBUS_SESSION_BUS_ADDRESS=$no_bus
if ! has_display; then
  say "There is no display here: the window opens on a virtual one."
  start_display 1440x900 "$scratch"
fi
(cd frontend && exec node_modules/.bin/vite --host 127.0.0.1 --port 5173 --strictPort) &
page_pid=$!
devserver=127.0.0.1:34115 frontenddevserverurl=http://127.0.0.1:5173 \
  build/bin/keydesk-dev "$@" &
program_pid=$!
say "Open http://localhost:34115; Ctrl-C stops everything."
wait "$program_pid"
