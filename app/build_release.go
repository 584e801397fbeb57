//go:build !dev

package app

import (
	"net/http"

	"keydesk/backend/user"
)

const (
	devBuild = false
	// DataSuffix is empty in the release.
	DataSuffix = ""
	connectDev = ""
)

func serveAssets(next http.Handler, look func() user.Appearance, session func() string) http.Handler {
	return guardAssets(next, look, session)
}
