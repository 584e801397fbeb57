# Functions that the scripts in this folder share. Source it; it does nothing by
# itself.

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Programs and tests are compiled with the same flags, so that they share the
# build cache; and no path of this machine ends up in a program.
export GOFLAGS="${GOFLAGS:-} -trimpath"

say() { printf '%s\n' "$*"; }

# A bus address that nothing answers. Where there is no session bus, programs
# that look for one would otherwise start one and leave it running.
no_bus=unix:path=/nonexistent/keydesk

has_bus() { [ -n "${DBUS_SESSION_BUS_ADDRESS:-}" ] || [ -S "${XDG_RUNTIME_DIR:-/nonexistent}/bus" ]; }

has_display() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }

# start_display WIDTHxHEIGHT SCRATCH starts a virtual display and sets DISPLAY
# and display_pid. The display runs in its own session, so that Ctrl-C does not
# end it before the program.
start_display() {
  local size=$1 scratch=$2 number=
  : >"$scratch/display"
  setsid Xvfb -displayfd 3 -nolisten tcp -screen 0 "${size}x24" 3>"$scratch/display" 2>"$scratch/xvfb.log" &
  display_pid=$!
  for _ in $(seq 200); do
    number=$(cat "$scratch/display")
    [ -n "$number" ] && break
    kill -0 "$display_pid" 2>/dev/null || break
    sleep 0.05
  done
  if [ -z "$number" ]; then
    say "The virtual display did not start:" >&2
    cat "$scratch/xvfb.log" >&2
    return 1
  fi
  export DISPLAY=:$number
  unset WAYLAND_DISPLAY
}

# stop PID ends a program that the script started and waits for it.
stop() {
  [ -n "${1:-}" ] || return 0
  kill "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}
