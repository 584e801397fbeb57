package request

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// Why a rendering may not be sent.
var (
	// ErrMissingValue lists every name without a value (A47).
	ErrMissingValue = fault.New(fault.Invalid, "request.missing_value", "A value is missing.").
			WithHint("Fill in the stage fields, or give the rows a Default Value.")
	// ErrBadValue has a message at each input that cannot be sent.
	ErrBadValue = fault.New(fault.Invalid, "request.bad_value", "The request cannot be sent as it is.")
	// ErrWithheld means that a secret exists but was not given to Build.
	ErrWithheld = fault.New(fault.Invalid, "request.secret_withheld", "A stored secret was not opened for this call.")
)

// Err returns nil when the call may be sent. Otherwise it is a *fault.Error:
// first all missing names, then what is wrong at which input. It never holds a
// value.
func (r *Rendered) Err() error {
	names := r.missingNames()
	if len(names) > 0 {
		called := make([]string, len(names))
		for i, name := range names {
			called[i] = r.call(name)
		}
		e := ErrMissingValue.WithMessage("There is no value for %s.", list(called)).WithMissing(names...)
		e.Fields = append(r.missingFields(), r.problems...)
		return e
	}
	if len(r.problems) > 0 {
		e := ErrBadValue
		if len(r.problems) == 1 {
			e = e.WithMessage("%s", r.problems[0].Message)
		} else {
			e = e.WithMessage("%d things need a change before this can be sent.", len(r.problems))
		}
		e.Fields = slices.Clone(r.problems)
		return e
	}
	if len(r.withheld) > 0 {
		return ErrWithheld.WithField(r.withheld[0], "This secret was not opened for the call.")
	}
	return nil
}

// missingNames returns the names without a value, each once, in order of use.
func (r *Rendered) missingNames() []string {
	names := []string{}
	seen := map[string]bool{}
	for _, m := range r.missing {
		if !seen[m.name] {
			seen[m.name] = true
			names = append(names, short(m.name))
		}
	}
	return names
}

// missingFields says at each input what it lacks, unless Check has said it.
func (r *Rendered) missingFields() []fault.Field {
	fields := []fault.Field{}
	for _, m := range r.missing {
		if !m.undefined {
			fields = append(fields, fault.Field{Name: m.at, Message: "There is no value for " + r.call(m.name) + "."})
		}
	}
	return fields
}

// Host returns where the call goes: scheme, lower-case host without brackets,
// and explicit port. All are empty when the URL has no valid destination.
func (r *Rendered) Host() (scheme, host, port string) {
	if r.dest.host == "" {
		return "", "", ""
	}
	return r.dest.named()
}

// Secrets returns every secret in the rendering, as typed, as escaped for its
// place and as derived (base64 of user:password), for the redactor.
func (r *Rendered) Secrets() []secret.Text { return slices.Clone(r.secrets) }

// Notes returns sentences about what a person might not expect. It is never
// nil.
func (r *Rendered) Notes() []string { return append([]string{}, r.notes...) }

// Missing returns every name without a value, each once. It is never nil.
func (r *Rendered) Missing() []string { return r.missingNames() }

// Body returns the body's bytes.
func (r *Rendered) Body() []byte { return []byte(r.body.text()) }

// Method returns the HTTP method.
func (r *Rendered) Method() string { return r.method }

// head returns the headers in wire order, Host, User-Agent and Content-Length
// first.
func (r *Rendered) head() []headerLine {
	out := []headerLine{{"Host", pieces{{text: r.dest.authority(), origin: originURL}}}}
	if !r.userAgent.isEmpty() {
		out = append(out, headerLine{"User-Agent", r.userAgent})
	}
	if r.hasLength {
		length := strconv.Itoa(r.body.size())
		if r.body.withheld() {
			length = "set when sent" // it would tell the length of a secret
		}
		out = append(out, headerLine{"Content-Length", pieces{{text: length, origin: originDefault}}})
	}
	return append(out, r.headers...)
}

// Wire returns the request as bytes on the socket: what net/http's Transport
// writes for HTTPRequest over HTTP/1.1 with DisableCompression and kept
// connections.
func (r *Rendered) Wire() []byte {
	var b bytes.Buffer
	b.WriteString(r.method + " " + r.target.text() + " HTTP/1.1\r\n")
	for _, line := range r.head() {
		b.WriteString(line.name + ": " + line.value.text() + "\r\n")
	}
	b.WriteString("\r\n")
	b.WriteString(r.body.text())
	return b.Bytes()
}

// HTTPRequest returns the request for net/http's Transport. It refuses, with
// Err's error, what may not be sent.
func (r *Rendered) HTTPRequest(ctx context.Context) (*http.Request, error) {
	if err := r.Err(); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, r.method, "http://host/", bytes.NewReader(r.Body()))
	if err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	if r.body.size() == 0 {
		req.Body, req.GetBody = http.NoBody, func() (io.ReadCloser, error) { return http.NoBody, nil }
	}
	path, query, asked := strings.Cut(r.target.text(), "?")
	unescaped, err := url.PathUnescape(path)
	if err != nil {
		return nil, fmt.Errorf("request: path: %w", err)
	}
	req.URL = &url.URL{
		Scheme: r.dest.scheme, Host: r.dest.authority(),
		Path: unescaped, RawPath: path, RawQuery: query, ForceQuery: asked,
	}
	req.Host = r.dest.authority()
	// The keys are set directly: Header.Set would change their spelling.
	req.Header = http.Header{"User-Agent": {r.userAgent.text()}}
	for _, line := range r.headers {
		req.Header[line.name] = append(req.Header[line.name], line.value.text())
	}
	return req, nil
}
