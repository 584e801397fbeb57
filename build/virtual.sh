#!/usr/bin/env bash
# build/virtual.sh COMMAND...: runs a command on a virtual display in a separate
# session: a message bus with an unlocked, empty keyring, and a temporary home
# folder. Browser tests run in it.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

scratch=$(mktemp -d)
display_pid= bus_pid= keyring_pid=
finish() {
  stop "$keyring_pid"
  stop "$bus_pid"
  stop "$display_pid"
  rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

start_display 1440x900 "$scratch"

# npm and go keep their caches although HOME changes.
export npm_config_cache=${npm_config_cache:-$(npm config get cache 2>/dev/null)}
GOCACHE=$(go env GOCACHE) GOMODCACHE=$(go env GOMODCACHE)
export GOCACHE GOMODCACHE
mkdir -m 700 "$scratch/home" "$scratch/run"
export HOME=$scratch/home XDG_RUNTIME_DIR=$scratch/run
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME

# A bus that starts no services: a question to a keyring that is not running yet
# would otherwise start a second, locked one.
cat >"$scratch/bus.conf" <<'BUS'
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
BUS
dbus-daemon --config-file="$scratch/bus.conf" --nofork --nopidfile --print-address=3 3>"$scratch/bus" 2>"$scratch/bus.log" &
bus_pid=$!
for _ in $(seq 100); do [ -s "$scratch/bus" ] && break; sleep 0.05; done
DBUS_SESSION_BUS_ADDRESS=$(cat "$scratch/bus")
export DBUS_SESSION_BUS_ADDRESS
printf thrown-away >"$scratch/password"
gnome-keyring-daemon --foreground --unlock --components=secrets <"$scratch/password" >/dev/null 2>"$scratch/keyring.log" &
keyring_pid=$!
for _ in $(seq 100); do
  dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
    string:org.freedesktop.secrets 2>/dev/null | grep -q 'boolean true' && break
  sleep 0.05
done

"$@"
