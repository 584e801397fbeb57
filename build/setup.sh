#!/usr/bin/env bash
# build/setup.sh [run|demo|test]: installs what is needed to build and run
# Keydesk, or to test it. It checks the versions of Go and Node, installs the
# missing Debian packages, and installs the page's packages when the lock file
# has changed. It can be run any number of times.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$repo"

purpose=${1:-run}
go_needed=1.26
node_needed=20.19

# at_least FOUND NEEDED compares dotted versions.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

check_go() {
  if ! command -v go >/dev/null; then
    say "Keydesk needs Go $go_needed or newer; none was found. Install it from https://go.dev/dl/ and put it on the PATH." >&2
    return 1
  fi
  local found
  found=$(cd / && GOTOOLCHAIN=local GOFLAGS= go env GOVERSION)
  found=${found#go}
  if ! at_least "${found%% *}" "$go_needed"; then
    say "Keydesk needs Go $go_needed or newer; found $found ($(command -v go)). Install a newer one from https://go.dev/dl/." >&2
    return 1
  fi
}

check_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    say "Keydesk needs Node $node_needed or newer, with npm; none was found. Install it from https://nodejs.org/." >&2
    return 1
  fi
  local found
  found=$(node --version)
  found=${found#v}
  if ! at_least "$found" "$node_needed"; then
    say "Keydesk needs Node $node_needed or newer; found $found ($(command -v node)). Install a newer one from https://nodejs.org/." >&2
    return 1
  fi
}

# packages prints the Debian packages that the purpose needs.
packages() {
  echo gcc libc6-dev pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev dbus
  if [ "$purpose" = test ] || ! has_display; then
    echo xvfb imagemagick fonts-noto-core
  fi
  if [ "$purpose" = test ]; then
    # These run the snippets of the local API: Python, PHP and C#.
    echo python3 php-cli php-curl mono-mcs mono-runtime libmono-system-net-http4.0-cil
    echo dunst # shows the notifications of tests
    echo xdotool x11-utils gnome-keyring dbus-x11 libsecret-tools chromium fonts-noto-color-emoji \
      curl strace openssl procps util-linux iproute2 git systemd
  fi
}

missing_packages() {
  local name
  for name in $(packages); do
    dpkg-query --show --showformat='${Status}' "$name" 2>/dev/null | grep -q '^install ok installed$' || echo "$name"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "This is not Debian. Install these packages by hand, under the names they have here: $(packages | tr '\n' ' ')" >&2
    return 0
  fi
  local missing
  missing=$(missing_packages | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    say "These Debian packages are missing, and there is no sudo. Run as root: apt-get install $missing" >&2
    return 1
  fi
  say "Installing Debian packages: $missing"
  # shellcheck disable=SC2086 # a list of names
  as_root apt-get -q -o DPkg::Lock::Timeout=300 update
  # shellcheck disable=SC2086
  as_root apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install $missing
}

# install_page runs npm ci when the lock file or Node's version has changed.
install_page() {
  local stamp=build/.setup/page lock
  lock="$(node --version) $(sha256sum frontend/package-lock.json)"
  if [ -d frontend/node_modules ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$lock" ]; then
    return 0
  fi
  say "Installing the page's packages (npm ci)"
  (cd frontend && npm ci --no-audit --no-fund --loglevel=error)
  mkdir -p build/.setup
  echo "$lock" >"$stamp"
}

case $purpose in
run | demo | test) ;;
*)
  say "usage: build/setup.sh [run|demo|test]" >&2
  exit 2
  ;;
esac
check_go
check_node
install_packages
install_page
