package httpclient

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// Why a token could not be fetched.
var (
	// ErrTokenRefused: the token address answered, but gave no token.
	ErrTokenRefused = fault.New(fault.Invalid, "fire.token_refused", "The token address refused the client id or secret.").
			WithHint("Check token URL, client id, secret and scopes under Authentication.")
	// ErrTokenUnreached: the token address gave no whole answer.
	ErrTokenUnreached = fault.New(fault.Unavailable, "fire.token_unreached", "The token could not be fetched.").
				WithHint("Check the token URL under Authentication.")
)

// ClientCredentials is who asks for a token (RFC 6749 section 4.4). Scopes are separated
// by spaces. SkipTLSCheck applies to the token URL too. UserAgent is that of the
// calls the token is for.
type ClientCredentials struct {
	TokenURL     string
	ID           string
	Secret       secret.Text
	Scopes       string
	In           CredentialsIn
	SkipTLSCheck bool
	UserAgent    string
	// Secrets are what else no message may repeat: an address, an id or a scope
	// can hold one.
	Secrets []secret.Text
}

// CredentialsIn is where client id and secret go in the request for a token.
type CredentialsIn string

// The places. InHeader is what RFC 6749 section 2.3.1 says: Basic Auth of both,
// each encoded as in a form first. Some servers take them in the form alone
// (InBody), or do not decode what is in the header (InHeaderPlain). Automatic tries
// these in turn, as long as the server refuses, and remembers which one was taken.
const (
	Automatic     CredentialsIn = ""
	InHeader      CredentialsIn = "header"
	InHeaderPlain CredentialsIn = "header_plain"
	InBody        CredentialsIn = "body"
)

// Tokens fetches and keeps OAuth 2.0 tokens. Safe for concurrent use.
//
// golang.org/x/oauth2/clientcredentials is not used: its source cannot drop a
// token after a 401, does not let waiting calls cancel, takes no clock and
// keeps tokens as plain strings.
type Tokens struct {
	client *Client
	now    func() time.Time

	mu      sync.Mutex
	kept    map[tokenKey]*kept
	forgets int // how often everything was forgotten
}

// tokenKey is what a token was fetched for. A changed secret is another key,
// so that an old token is not used with it.
type tokenKey struct {
	url, id, scopes string
	in              CredentialsIn
	secret          [32]byte
	skipTLSCheck    bool
}

type kept struct {
	token   secret.Text
	renew   time.Time     // from then on it is fetched again
	in      CredentialsIn // where this server took id and secret
	current *fetch        // nil when none is running
}

// fetch is one renewal; every call that needs the token meanwhile waits for it.
type fetch struct {
	done    chan struct{}
	waiting int
	cancel  context.CancelFunc
	forgot  bool // its token is not used any more
	token   secret.Text
	err     error
}

const (
	tokenTimeout  = 30 * time.Second
	maxMargin     = 30 * time.Second // before expiry, or a tenth of the life
	unknownLife   = time.Hour        // when the answer has no expires_in
	maxKeptTokens = 1000
)

// NewTokens makes an empty cache that fetches through a client; now is the
// clock.
func NewTokens(client *Client, now func() time.Time) *Tokens {
	return &Tokens{client: client, now: now, kept: map[tokenKey]*kept{}}
}

// Get returns a token that is still good and fetches one if needed. Errors are
// *fault.Error, ErrTokenRefused or ErrTokenUnreached, or the error of ctx.
func (t *Tokens) Get(ctx context.Context, client ClientCredentials) (secret.Text, error) {
	return t.get(ctx, client, secret.Text{}, t.forgotten())
}

// Renew returns another token than the one that was answered with 401. If
// another call has renewed it since, nothing is fetched.
func (t *Tokens) Renew(ctx context.Context, client ClientCredentials, refused secret.Text) (secret.Text, error) {
	return t.get(ctx, client, refused, t.forgotten())
}

// Do fires a request that carries a fetched token, and once more with a new
// token after a 401 (R6). build makes the request for a token. If there is no
// token, nothing is sent and the error is Get's; build's errors are returned as
// they are.
func (t *Tokens) Do(ctx context.Context, client ClientCredentials, limits Limits, build func(token secret.Text) (*http.Request, error)) (Answer, error) {
	since := t.forgotten()
	token, err := t.get(ctx, client, secret.Text{}, since)
	if err != nil {
		return Answer{}, err
	}
	for renewed := false; ; renewed = true {
		req, err := build(token)
		if err != nil {
			return Answer{}, err
		}
		answer := t.client.Do(ctx, req, limits)
		if answer.Status != http.StatusUnauthorized || renewed {
			return answer, nil
		}
		next, err := t.get(ctx, client, token, since)
		if err != nil {
			return answer, nil //nolint:nilerr // the 401 is the answer; a person sees it
		}
		token = next
	}
}

// get is for a call that began after everything was forgotten that many times.
func (t *Tokens) get(ctx context.Context, client ClientCredentials, refused secret.Text, since int) (secret.Text, error) {
	key := tokenKey{client.TokenURL, client.ID, client.Scopes, client.In, sha256.Sum256([]byte(client.Secret.Reveal())), client.SkipTLSCheck}
	t.mu.Lock()
	if t.forgets != since {
		defer t.mu.Unlock()
		return secret.Text{}, ErrTokenForgotten
	}
	entry := t.kept[key]
	if entry == nil {
		t.makeRoom()
		entry = &kept{}
		t.kept[key] = entry
	}
	good := !entry.token.IsEmpty() && t.now().Before(entry.renew)
	if good && entry.token.Reveal() != refused.Reveal() {
		defer t.mu.Unlock()
		return entry.token, nil
	}
	running := entry.current
	if running == nil {
		running = t.start(client, entry)
	}
	running.waiting++
	t.mu.Unlock()

	select {
	case <-running.done:
		return running.token, running.err
	case <-ctx.Done():
		t.mu.Lock()
		defer t.mu.Unlock()
		if running.waiting--; running.waiting == 0 {
			running.cancel() // nobody waits for it any more
			if entry.current == running {
				entry.current = nil
			}
		}
		return secret.Text{}, context.Cause(ctx)
	}
}

// start begins a renewal. t.mu is held.
func (t *Tokens) start(client ClientCredentials, entry *kept) *fetch {
	ctx, cancel := context.WithCancel(t.client.life)
	running := &fetch{done: make(chan struct{}), cancel: cancel}
	entry.current = running
	known := entry.in
	go func() {
		defer cancel()
		token, life, in, err := t.fetch(ctx, client, known)
		t.mu.Lock()
		defer t.mu.Unlock()
		if running.forgot {
			token, err = secret.Text{}, ErrTokenForgotten
		}
		running.token, running.err = token, err
		if entry.current == running {
			entry.current, entry.in = nil, in
			entry.token = token
			entry.renew = t.now().Add(life - min(maxMargin, life/10))
		}
		close(running.done)
	}()
	return running
}

// makeRoom drops old tokens when there are very many. t.mu is held.
func (t *Tokens) makeRoom() {
	if len(t.kept) < maxKeptTokens {
		return
	}
	for key, entry := range t.kept {
		if entry.current == nil {
			delete(t.kept, key)
		}
	}
}

// fetch asks for a token in each of the places in turn, as long as the server
// refuses. It begins with the one that was taken before, and gives the one that was
// taken now. It follows no redirects: they would carry the secret.
func (t *Tokens) fetch(ctx context.Context, client ClientCredentials, known CredentialsIn) (secret.Text, time.Duration, CredentialsIn, error) {
	places := client.places()
	if at := slices.Index(places, known); at > 0 {
		places = slices.Concat(places[at:at+1], places[:at], places[at+1:])
	}
	var refused error
	for _, in := range places {
		token, life, err := t.ask(ctx, client, in)
		if err == nil {
			return token, life, in, nil
		}
		if refused == nil {
			refused = err // the first refusal says most: the others answer to another form
		}
		if !errors.Is(err, ErrTokenRefused) {
			break
		}
	}
	return secret.Text{}, 0, known, refused
}

// places are where id and secret may go, in the order in which they are tried.
func (c ClientCredentials) places() []CredentialsIn {
	switch {
	case c.In != Automatic:
		return []CredentialsIn{c.In}
	case c.escaped() == c.plain():
		return []CredentialsIn{InHeader, InBody}
	}
	return []CredentialsIn{InHeader, InBody, InHeaderPlain}
}

func (c ClientCredentials) plain() string { return c.ID + ":" + c.Secret.Reveal() }

func (c ClientCredentials) escaped() string {
	return url.QueryEscape(c.ID) + ":" + url.QueryEscape(c.Secret.Reveal())
}

func (t *Tokens) ask(ctx context.Context, client ClientCredentials, in CredentialsIn) (secret.Text, time.Duration, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	if client.Scopes != "" {
		form.Set("scope", client.Scopes)
	}
	if in == InBody {
		form.Set("client_id", client.ID)
		form.Set("client_secret", client.Secret.Reveal())
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, client.TokenURL, strings.NewReader(form.Encode()))
	if err != nil || req.URL.Host == "" || req.URL.Scheme != "https" && req.URL.Scheme != "http" {
		return secret.Text{}, 0, ErrTokenUnreached.WithMessage("The token URL is not an http or https address.")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	if client.UserAgent != "" {
		req.Header.Set("User-Agent", client.UserAgent)
	}
	switch in {
	case InHeader:
		req.SetBasicAuth(url.QueryEscape(client.ID), url.QueryEscape(client.Secret.Reveal()))
	case InHeaderPlain:
		req.SetBasicAuth(client.ID, client.Secret.Reveal())
	}
	answer := t.client.Do(ctx, req, Limits{Timeout: tokenTimeout, SkipTLSCheck: client.SkipTLSCheck})
	if answer.Failure != nil {
		return secret.Text{}, 0, ErrTokenUnreached.WithMessage("The token could not be fetched. %s", client.hidden(answer.Failure.Text)).
			WithCause(fmt.Errorf("fire: token: %s", client.hidden(answer.Failure.Detail)))
	}
	return readToken(answer, client)
}

// lifeOf reads expires_in, in seconds; some servers send it as text.
func lifeOf(raw json.RawMessage) time.Duration {
	seconds, err := strconv.ParseFloat(strings.Trim(string(raw), `"`), 64)
	if err != nil || seconds <= 0 || seconds != seconds {
		return unknownLife
	}
	return time.Duration(min(seconds, 365*24*3600) * float64(time.Second))
}
