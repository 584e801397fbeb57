//go:build !unix

package host

import "io/fs"

// On Windows a file has no mode: who may read it is in the access list that it
// inherits from the profile of the user, where the data folder lies.

func closeFolder(string) ([]widened, error) { return nil, nil }

func closeFiles(string) ([]widened, error) { return nil, nil }

func exposed(fs.FileInfo) string { return "" }
