//go:build !dev

package app

import "net/http"

const (
	devBuild = false
	// DataSuffix is empty: this is the program people use.
	DataSuffix = ""
	connectDev = ""
)

func serveAssets(next http.Handler) http.Handler { return guardAssets(next) }
