// Package localapi is the HTTP door: what other programs call with an API key.
//
// Use New with the operations and the settings, Apply after every opening of the
// backend and every change of the settings, State for what a person is told, and
// Close before the backend is released. The door holds no rule of the office: it
// finds out whose key a request carries, runs an operation for that key and turns
// the answer into the small types of v1.
//
// What it decides by itself is about HTTP. It listens on loopback alone, and
// beyond it over TLS alone, which the one function that opens ports sees to. It
// refuses web pages before it looks at the key: a page can make a browser send
// requests to this computer, but not without Origin, with another Host than its
// own, or with a body of application/json. It counts requests, and failing ones by
// source, in memory. Every refusal is a problem document, made in one place.
//
// The routes are a table (route.go), described by a hand-written OpenAPI document
// (openapi.yaml), from which /docs is made. A test holds the two together in both
// directions, and every answer of the tests to the document.
package localapi
