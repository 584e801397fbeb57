//go:build !dev

package app

import "net/http"

const (
	devBuild = false
	// DataSuffix is empty in the release.
	DataSuffix = ""
	connectDev = ""
)

func serveAssets(next http.Handler, session func() string) http.Handler {
	return guardAssets(next, session)
}
