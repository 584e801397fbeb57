//go:build dev

package app

// The dev build serves the page to any browser on this computer and takes calls
// from it over a web socket: for tests and for work on the page only, on the
// loopback address and a data folder of its own.
const (
	devBuild = true
	// DataSuffix keeps the dev build away from the data folder of the real one.
	DataSuffix = "-dev"
	connectDev = " ws://127.0.0.1:* ws://localhost:* ws://wails.localhost:*"
)
