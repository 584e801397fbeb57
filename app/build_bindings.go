//go:build bindings

package app

// generating tells that this run only writes frontend/wailsjs and must open
// nothing.
const generating = true
