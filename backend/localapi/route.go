package localapi

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// route is one line of the table.
type route struct {
	method  string
	pattern string
	// scopes are those of which the key needs one; none means that any key will do.
	// The gate checks them with the operation; the table is what people read and
	// what the document repeats.
	scopes []string
	// query are the parameters that the route takes.
	query []string
	run   func(x *exchange) (any, error)
}

// routes is the table of v1.
var routes = []route{
	{http.MethodGet, "/v1/key", nil, nil, (*exchange).key},
	{http.MethodPost, "/v1/keys/verify", []string{"keys:verify"}, nil, (*exchange).verifyKey},
	{http.MethodGet, "/v1/setups", []string{"setups:read"}, []string{"search", "channel", "cursor", "limit"}, (*exchange).setups},
	{http.MethodGet, "/v1/setups/{id}", []string{"setups:read"}, nil, (*exchange).setup},
	{http.MethodPost, "/v1/calls", []string{"calls:send", "calls:simulate"}, nil, (*exchange).call},
	{http.MethodGet, "/v1/calls", []string{"calls:read"}, []string{"setup", "mode", "verdict", "recipient", "cursor", "limit"}, (*exchange).calls},
	{http.MethodGet, "/v1/calls/{id}", []string{"calls:read"}, nil, (*exchange).keptCall},
	{http.MethodGet, "/v1/usage", []string{"usage:read"}, []string{"from", "to"}, (*exchange).usage},
}

// changes says that requests of this route have a body, and so come from no web
// page's form.
func (r *route) changes() bool { return r.method != http.MethodGet }

// match finds the route of a request. Where the path is known but not with this
// method, it gives the methods instead. A path is taken as it is: nothing is
// redirected.
func match(r *http.Request) (found *route, params map[string]string, allowed string) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	var methods []string
	for i := range routes {
		params, ok := matchPath(routes[i].pattern, r.URL)
		if !ok {
			continue
		}
		if routes[i].method == method {
			return &routes[i], params, ""
		}
		methods = append(methods, routes[i].method)
		if routes[i].method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	return nil, nil, strings.Join(methods, ", ")
}

func matchPath(pattern string, address *url.URL) (map[string]string, bool) {
	if address.RawPath != "" { // an escaped slash or the like
		return nil, false
	}
	want, given := strings.Split(pattern, "/"), strings.Split(address.Path, "/")
	if len(want) != len(given) {
		return nil, false
	}
	var params map[string]string
	for i, part := range want {
		if name, isParam := strings.CutPrefix(part, "{"); isParam {
			if !isID(given[i]) {
				return nil, false
			}
			params = map[string]string{strings.TrimSuffix(name, "}"): given[i]}
		} else if part != given[i] {
			return nil, false
		}
	}
	return params, true
}

// isID tells whether a text can be the id of anything.
func isID(text string) bool {
	return text != "" && len(text) <= 64 && strings.Trim(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == ""
}

// context is that of an operation, run for the key.
func (x *exchange) context() context.Context {
	return access.WithSource(x.r.Context(), access.Source{Kind: access.API, ID: x.caller.KeyID})
}

// channels are those of setups.
var channels = []string{"sms", "whatsapp_business", "email"}

// choices are the parameters that have only these values, as the document has them.
// With another one a list would be empty, and nobody would know why.
var choices = map[string][]string{
	"channel": channels,
	"mode":    {"live", "test"},
	"verdict": {"accepted", "refused", "throttled", "unclear", "failed"},
}

// parameters reads the query: the parameters of the route, each at most once. A faulty name
// is told, its value is not.
func (r *route) parameters(address *url.URL) (url.Values, error) {
	values, err := url.ParseQuery(address.RawQuery)
	if err != nil {
		return nil, ErrQuery.WithCause(err).WithMessage("The query of the address cannot be read.")
	}
	var faults fault.Fields
	for name, given := range values {
		if !slices.Contains(r.query, name) {
			faults.Add(shorten(name), "This route does not know this parameter.")
		} else if len(given) > 1 {
			faults.Add(name, "This parameter is there more than once.")
		} else if offered, limited := choices[name]; limited && !slices.Contains(offered, given[0]) {
			faults.Add(name, "This has to be one of %s.", strings.Join(offered, ", "))
		}
	}
	slices.SortFunc(faults, func(a, b fault.Field) int { return strings.Compare(a.Name, b.Name) })
	if len(faults) > 0 {
		refusal := *ErrQuery
		refusal.Fields = faults[:min(len(faults), maxNamed)]
		return nil, &refusal
	}
	return values, nil
}

// Limits of a page of a list.
const (
	usualPage = 50
	maxPage   = 200
)

// pageOf reads how many rows are asked for, and after which.
func pageOf(values url.Values) (limit int, cursor string, err error) {
	limit = usualPage
	if given := values.Get("limit"); given != "" {
		limit, err = strconv.Atoi(given)
		if err != nil || limit < 1 || limit > maxPage {
			return 0, "", ErrQuery.WithField("limit", "This has to be a whole number from 1 to %d.", maxPage)
		}
	}
	given := values.Get("cursor")
	if given == "" {
		return limit, "", nil
	}
	plain, err := base64.RawURLEncoding.DecodeString(given)
	cursor, known := strings.CutPrefix(string(plain), cursorVersion)
	if err != nil || !known {
		return 0, "", ErrQuery.WithField("cursor", "This has to be a next_cursor of the page before.")
	}
	return limit, cursor, nil
}

// cursorVersion begins every cursor, so that one from an older version is known.
const cursorVersion = "1:"

// cursorOf makes what the next page is asked for with; nil where there is none.
func cursorOf(after string) *string {
	if after == "" {
		return nil
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(cursorVersion + after))
	return &text
}

func (x *exchange) key() (any, error) { return x.door.ops.Key(x.context()) }

func (x *exchange) verifyKey() (any, error) {
	var in VerifyInput
	if err := decode(x.body, &in); err != nil {
		return nil, err
	}
	if in.Key.IsEmpty() {
		return nil, ErrBody.WithField("key", "Give the key to look at.")
	}
	return x.door.ops.VerifyKey(x.context(), in.Key)
}

func (x *exchange) setups() (any, error) {
	limit, cursor, err := pageOf(x.values)
	if err != nil {
		return nil, err
	}
	return x.door.ops.Setups(x.context(), SetupQuery{
		Search: x.values.Get("search"), Channel: x.values.Get("channel"), Limit: limit, Cursor: cursor,
	})
}

func (x *exchange) setup() (any, error) { return x.door.ops.Setup(x.context(), x.params["id"]) }

func (x *exchange) call() (any, error) {
	key, err := idempotencyKey(x.r.Header)
	if err != nil {
		return nil, err
	}
	var in CallInput
	if err := decode(x.body, &in); err != nil {
		return nil, err
	}
	// Both are kept with the call.
	if strings.Contains(key, x.presented.Reveal()) {
		return nil, ErrIdempotencyKey.WithMessage("The header Idempotency-Key holds the API key.")
	}
	var faults fault.Fields
	if at := in.holding(x.presented); at != "" {
		faults.Add(at, "This holds the API key, which belongs in its header alone.")
	}
	if in.Process == "" {
		faults.Add("process", "Give the code or the name of the process.")
	}
	if !slices.Contains(channels, in.Channel) {
		faults.Add("channel", "This has to be sms, whatsapp_business or email.")
	}
	if !slices.Contains([]string{ModeLive, ModeSimulate, ModePreview}, in.Mode) {
		faults.Add("mode", "This has to be live, simulate or preview.")
	}
	if len(faults) > 0 {
		refusal := *ErrBody
		refusal.Fields = faults
		return nil, &refusal
	}
	return x.door.ops.Call(x.context(), in, key)
}

func (x *exchange) calls() (any, error) {
	limit, cursor, err := pageOf(x.values)
	if err != nil {
		return nil, err
	}
	return x.door.ops.Calls(x.context(), CallQuery{
		Setup: x.values.Get("setup"), Mode: x.values.Get("mode"), Verdict: x.values.Get("verdict"),
		Recipient: x.values.Get("recipient"), Limit: limit, Cursor: cursor,
	})
}

func (x *exchange) keptCall() (any, error) { return x.door.ops.KeptCall(x.context(), x.params["id"]) }

func (x *exchange) usage() (any, error) {
	return x.door.ops.Usage(x.context(), UsageQuery{From: x.values.Get("from"), To: x.values.Get("to")})
}

// maxIdempotencyKey is in characters.
const maxIdempotencyKey = 200

// idempotencyKey reads the header Idempotency-Key: a text in quotes, as the draft
// draft-ietf-httpapi-idempotency-key-header has it, or without them, as most
// clients send it. "" where there is none.
func idempotencyKey(header http.Header) (string, error) {
	given := header.Values("Idempotency-Key")
	if len(given) == 0 {
		return "", nil
	}
	text := strings.Trim(given[0], " \t")
	if inside, quoted := strings.CutPrefix(text, `"`); quoted {
		inside, closed := strings.CutSuffix(inside, `"`)
		if !closed {
			return "", ErrIdempotencyKey
		}
		var b strings.Builder
		for i := 0; i < len(inside); i++ {
			switch {
			case inside[i] == '"':
				return "", ErrIdempotencyKey
			case inside[i] != '\\':
			case i+1 < len(inside) && (inside[i+1] == '"' || inside[i+1] == '\\'):
				i++
			default:
				return "", ErrIdempotencyKey
			}
			b.WriteByte(inside[i])
		}
		text = b.String()
	}
	if text == "" || len(text) > maxIdempotencyKey {
		return "", ErrIdempotencyKey
	}
	for _, c := range []byte(text) {
		if c < ' ' || c > '~' {
			return "", ErrIdempotencyKey
		}
	}
	return text, nil
}
