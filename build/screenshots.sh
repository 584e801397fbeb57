#!/usr/bin/env bash
# build/screenshots.sh: takes the README's pictures of the release, light and
# dark.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$repo"
KEYDESK_PICTURES=$repo/build/pictures go test -count=1 -tags window,pictures -run '^TestPictures$' -v ./build/window
