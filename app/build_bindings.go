//go:build bindings

package app

// generating means that this run only writes frontend/wailsjs and must not open
// anything.
const generating = true
