//go:build !linux

// Package nolaunch is needed on Linux only.
package nolaunch
