//go:build !linux

package store

func refuseNetworkFolder(string) error { return nil }

// A folder cannot be synced everywhere.
func syncFolder(string) error { return nil }
