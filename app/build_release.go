//go:build !dev

package app

import "net/http"

const (
	devBuild = false
	// DataSuffix is empty: this is the program people use.
	DataSuffix = ""
	connectDev = ""
)

func serveAssets(next http.Handler, given func() string) http.Handler {
	return guardAssets(next, given)
}
