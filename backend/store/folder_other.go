//go:build !linux

package store

func refuseNetworkFolder(string) error { return nil }
