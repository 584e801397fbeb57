//go:build !dev

package app

const (
	devBuild = false
	// DataSuffix is empty: this is the program people use.
	DataSuffix = ""
	connectDev = ""
)
