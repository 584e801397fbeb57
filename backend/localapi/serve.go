package localapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// The kinds of content that the door answers with.
const (
	jsonMedia    = "application/json"
	problemMedia = "application/problem+json"
)

// closedPolicy lets an answer load, run and show nothing, in case a browser opens it
// anyway.
const closedPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// failuresAMinute is how many requests without a good key are answered and noted
// for one source (RULES.md, Local API).
const failuresAMinute = 60

// exchange is one request with its answer.
type exchange struct {
	door    *Door
	w       http.ResponseWriter
	r       *http.Request
	started time.Time
	peer    netip.Addr
	// route is the pattern that the request matched, "" for none. What was asked
	// for is never noted: it can hold anything.
	route     string
	presented secret.Text
	caller    Caller
	body      []byte
	params    map[string]string
	values    url.Values
}

// handle answers one request. The order is fixed: shape, public paths, key, rate,
// route, body, operation.
func (d *Door) handle(w http.ResponseWriter, r *http.Request, at *opening) {
	x := &exchange{door: d, w: w, r: r, started: time.Now(), peer: peerOfRequest(r)}
	defer func() {
		if p := recover(); p != nil {
			d.log.Error("panic behind the door", "what", fault.Panicked(p))
			x.problem(fault.ErrInternal)
		}
	}()
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Content-Security-Policy", closedPolicy)
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	// A body in chunks may come with a Content-Length that says otherwise, which
	// net/http then hides. Nothing after such a body is read as a request
	// (RFC 9112, 6.3).
	if len(r.TransferEncoding) > 0 {
		header.Set("Connection", "close")
	}
	if err := guard(r, *at.hosts.Load()); err != nil {
		header.Set("Connection", "close")
		x.failed(err)
		return
	}
	if d.page(x) {
		return
	}
	ctx, leave, err := d.enter(at.context(r))
	if err != nil {
		x.problem(err)
		return
	}
	defer leave()
	x.r = r.WithContext(ctx)
	if err := x.identify(); err != nil {
		x.failed(err)
		return
	}
	status, code := x.run()
	d.ops.NoteAccess(ctx, x.access(status, code))
}

// identify finds out whose key the request carries.
func (x *exchange) identify() error {
	var err error
	if x.presented, err = credential(x.r.Header); err != nil {
		return err
	}
	x.caller, err = x.door.ops.Authenticate(x.r.Context(), x.presented, x.peer)
	return err
}

// failed answers a request that has no good key. Each counts against its source;
// when there are too many, nothing is written about those without a key of the
// office any more.
func (x *exchange) failed(err error) {
	q := x.door.failures.take(sourceOf(x.peer), failuresAMinute)
	refusal := fault.From(err)
	if !q.allowed && refusal.Kind == fault.Unauthenticated {
		refusal = ErrThrottled.WithRetryAfter(time.Duration(q.reset) * time.Second)
	}
	status, code := x.problem(refusal)
	if x.caller.Reason != "" {
		code = x.caller.Reason
	}
	// What a key of the office is used for is a row each (C30).
	if q.allowed || x.caller.KeyID != "" {
		x.door.noteFailure(x.r.Context(), x.access(status, code))
	}
}

// run answers a request with a good key and gives the status and the code of what
// was refused.
func (x *exchange) run() (status int, code string) {
	q := x.door.rates.take(x.caller.KeyID, x.caller.RequestsAMinute)
	header := x.w.Header()
	header.Set("RateLimit-Policy", `"key";q=`+strconv.Itoa(q.limit)+";w="+strconv.Itoa(window))
	header.Set("RateLimit", `"key";r=`+strconv.Itoa(q.left)+";t="+strconv.Itoa(q.reset))
	if !q.allowed {
		return x.problem(ErrRateLimited.WithRetryAfter(time.Duration(q.reset) * time.Second))
	}
	found, params, allowed := match(x.r)
	if found == nil && allowed != "" {
		header.Set("Allow", allowed)
		return x.problem(ErrMethod)
	}
	if found == nil {
		return x.problem(ErrNotFound)
	}
	x.route, x.params = found.pattern, params
	var err error
	if x.values, err = found.parameters(x.r.URL); err != nil {
		return x.problem(err)
	}
	if found.changes() {
		if x.body, err = readBody(x.w, x.r); err != nil {
			header.Set("Connection", "close")
			return x.problem(err)
		}
	}
	// The request has arrived. The limit on reading it must not end an operation
	// that takes longer.
	if err := http.NewResponseController(x.w).SetReadDeadline(time.Time{}); err != nil {
		return x.problem(err)
	}
	answer, err := found.run(x)
	if err != nil {
		return x.problem(err)
	}
	return x.answer(http.StatusOK, jsonMedia, answer), ""
}

// problem answers with a problem document.
func (x *exchange) problem(err error) (status int, code string) {
	p := problemOf(err)
	header := x.w.Header()
	if p.RetryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	if p.Status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", `x-api-key realm="Keydesk"`)
	}
	return x.answer(p.Status, problemMedia, p), p.Code
}

// answer writes JSON. An answer that JSON cannot carry becomes an internal fault.
func (x *exchange) answer(status int, media string, content any) int {
	text, err := json.Marshal(content)
	if err != nil {
		x.door.log.Error("an answer cannot be written as JSON", "route", x.route)
		status, media = http.StatusInternalServerError, problemMedia
		if text, err = json.Marshal(problemOf(fault.ErrInternal)); err != nil {
			text = nil
		}
	}
	x.write(status, media, append(escaped(text), '\n'))
	return status
}

// escaped writes what cannot be seen as an escape of JSON, which programs read as the
// same: terminal codes and turns of the text's direction in what a provider answered
// must not work where somebody looks at an answer (T5). encoding/json does this for the
// control characters below the blank alone. Outside of texts JSON has none of them.
func escaped(text []byte) []byte {
	hidden := func(r rune) bool { return r >= 0x7f && r != utf8.RuneError && !unicode.IsPrint(r) }
	if bytes.IndexFunc(text, hidden) < 0 {
		return text
	}
	var out bytes.Buffer
	for _, r := range string(text) {
		if !hidden(r) {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&out, `\u%04x`, unit)
		}
	}
	return out.Bytes()
}

// write sends the answer. The client has limits.write to take it.
func (x *exchange) write(status int, media string, content []byte) {
	_ = http.NewResponseController(x.w).SetWriteDeadline(time.Now().Add(x.door.limits.write))
	header := x.w.Header()
	header.Set("Content-Type", media)
	header.Set("Content-Length", strconv.Itoa(len(content)))
	x.w.WriteHeader(status)
	_, _ = x.w.Write(content)
}

// access is what is noted of the request.
func (x *exchange) access(status int, code string) Access {
	method := x.r.Method
	if !strings.Contains(" GET HEAD POST PUT PATCH DELETE OPTIONS CONNECT TRACE ", " "+method+" ") {
		method = "other"
	}
	return Access{
		KeyID: x.caller.KeyID, Method: method, Route: x.route, Status: status, Outcome: code,
		Address: x.peer, Took: time.Since(x.started),
	}
}

// noteFailure notes a request without a good key, also one that was refused before
// the backend was asked.
func (d *Door) noteFailure(ctx context.Context, access Access) {
	ctx, leave, err := d.enter(ctx)
	if err != nil {
		return
	}
	defer leave()
	d.ops.NoteAccess(ctx, access)
}

// peerOfRequest is the address that a request comes from.
func peerOfRequest(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

// errGone is the cause of a context that ends because the door closes.
var errGone = errors.New("localapi: the door was closed")
