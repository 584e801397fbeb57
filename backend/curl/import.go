// Package curl reads a pasted curl line into a request.Spec (RULES.md, Import
// and export).
//
// Read runs nothing and opens nothing: variables, command substitutions and
// files that a line names are reported, never filled in. What curl would send
// and what the spec sends are equal in method, path, query, body and headers,
// except for the headers that both sides make by themselves. A part that the
// request model cannot carry is in NotCarried with the reason. Shell words come
// first (posix.go, cmd.go, powershell.go), then curl's options (options.go),
// then the spec (build.go).
package curl

import (
	"keydesk/backend/fault"
	"keydesk/backend/request"
)

// MaxLine is how long a pasted line may be, in bytes; a longer one is refused
// before anything is parsed.
const MaxLine = 1 << 20

// The dialects of Import.Dialect: which shell's quoting the line was read with.
const (
	POSIX      = "posix"
	Cmd        = "cmd"
	PowerShell = "powershell"
)

// Options is what the line asks of the setup besides its request.
type Options struct {
	// Redirects is how many redirects to the same scheme, host and port are
	// followed, 0 to 5 (R7).
	Redirects int `json:"redirects"`
	// TimeLimit is -m in whole seconds, 1 to 300; 0 where the line has none.
	TimeLimit int `json:"time_limit"`
}

// Item is one line of the preview. What names it in plain words and At by its
// JSON path in the spec, empty where it has none. Why is one sentence: for a
// part that is made, what was done to it (mostly empty); for one that is not
// carried over, the reason (never empty). Neither holds a secret.
type Item struct {
	What string `json:"what"`
	At   string `json:"at"`
	Why  string `json:"why"`
}

// Import is a line as read. It holds secrets in the spec's secret values and
// nowhere else. No slice is nil.
type Import struct {
	Spec    request.Spec `json:"spec"`
	Options Options      `json:"options"`
	Dialect string       `json:"dialect"`
	// URL is the address without its query and its user, to recognise a
	// provider by.
	URL        string `json:"url"`
	Made       []Item `json:"made"`
	NotCarried []Item `json:"not_carried"`
	// Secrets are the JSON paths of the values that look secret and are marked
	// so in the spec.
	Secrets []string `json:"secrets"`
}

// Why a line cannot be read at all.
var (
	// ErrTooLong: over MaxLine.
	ErrTooLong = fault.New(fault.Invalid, "curl.too_long", "This is longer than 1 MiB, so it is not one curl line.").
			WithHint("Paste only the curl command.")
	// ErrNotCurl: there is no curl command in the text.
	ErrNotCurl = fault.New(fault.Invalid, "curl.not_curl", "There is no curl command in this text.").
			WithHint("Paste a line that begins with curl, as the provider's help page shows it.")
	// ErrPowerShellCommand: Invoke-WebRequest and its aliases.
	ErrPowerShellCommand = fault.New(fault.Invalid, "curl.powershell_command", "This is PowerShell's own web command, not curl.").
				WithHint("Look for the curl example on the same page, or write the request by hand.")
	// ErrSeveral: more than one request.
	ErrSeveral = fault.New(fault.Invalid, "curl.several", "This makes more than one call, and a setup makes one.").
			WithHint("Paste one curl command with one address.")
	// ErrUnclosed: a quote or bracket is still open at the end.
	ErrUnclosed = fault.New(fault.Invalid, "curl.unclosed", "A quote is opened and never closed.").
			WithHint("Copy the line again, whole, to its last character.")
	// ErrNotText: not UTF-8, or characters no request can carry.
	ErrNotText = fault.New(fault.Invalid, "curl.not_text", "The line holds bytes that are not text.").
			WithHint("Keydesk reads UTF-8 text. Copy the line from the page again.")
	// ErrOption: curl itself would refuse the line.
	ErrOption = fault.New(fault.Invalid, "curl.bad_option", "curl does not know this line's options.").
			WithHint("Compare the line with the provider's page.")
	// ErrNoURL: nothing to call.
	ErrNoURL = fault.New(fault.Invalid, "curl.no_url", "The line has no address to call.").
			WithHint("Copy the line again, with the address that begins with https:// or http://.")
	// ErrURL: not an address curl would call over the web.
	ErrURL = fault.New(fault.Invalid, "curl.bad_url", "The line's address cannot be called.").
		WithHint("Compare the address with the provider's page.")
)
