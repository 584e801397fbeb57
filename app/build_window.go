//go:build !bindings

package app

const generating = false
