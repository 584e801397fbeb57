package send

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// The limits of one request. A call takes as long as its setup allows, at most 300 s
// and what is around it.
const (
	connectLimit = 10 * time.Second
	callLimit    = 340 * time.Second
	maxAnswer    = 8 << 20
)

// Faults of reaching the API. They concern every row.
var (
	ErrAddress = fault.New(fault.Invalid, "send.address", "This is no address of the local API.").
			WithHint("It is http://127.0.0.1:7373 on this computer, and https://ADDRESS:7373 on the office network.")
	ErrAuthority = fault.New(fault.Invalid, "send.authority", "The file of --ca holds no certificate.").
			WithHint("Save the root certificate in Keydesk under Settings, Local API.")
	ErrUnreachable = fault.New(fault.Unavailable, "send.unreachable", "Keydesk does not answer.").
			WithHint("Start Keydesk or keydeskd serve, and switch the local API on under Settings, Local API.")
	ErrNotKeydesk = fault.New(fault.Unavailable, "send.not_keydesk", "What answers at this address is not Keydesk's local API.").
			WithHint("Compare --address with what Keydesk shows under Settings, Local API.")
	ErrKey = fault.New(fault.Unauthenticated, "send.key", "Keydesk refuses the API key.").
		WithHint("Put a key that is in force into KEYDESK_API_KEY. Keydesk shows its keys under Settings, API Keys.")
	ErrScope = fault.New(fault.Forbidden, "send.scope", "This API key may not do that.").
			WithHint("Make a key with the scope in Keydesk, under Settings, API Keys.")
)

// Client speaks with the local API. It follows no redirect and uses no proxy, so
// that the key goes to the address that was named and nowhere else.
type Client struct {
	// Waits is told of a wait before the rows begin, and why.
	Waits func(pause time.Duration, why string)

	base string
	key  secret.Text
	http *http.Transport
}

// NewClient makes a client for an address. authority is the PEM of the only
// certificates to trust; without it those of the system are.
// Faults: ErrAddress, ErrAuthority, ErrKey.
func NewClient(address string, authority []byte, key secret.Text, parallel int) (*Client, error) {
	at, err := url.Parse(address)
	switch {
	case err != nil || at.Host == "" || at.User != nil || strings.Trim(at.Path, "/") != "" || at.RawQuery != "" || at.Fragment != "":
		return nil, ErrAddress
	case at.Scheme == "http" && !isLoopback(at.Hostname()):
		return nil, ErrAddress.WithMessage("Beyond this computer the local API is called with https alone.")
	case at.Scheme != "http" && at.Scheme != "https":
		return nil, ErrAddress
	}
	for _, c := range key.Reveal() {
		if c <= ' ' || c > '~' {
			return nil, ErrKey.WithMessage("What KEYDESK_API_KEY holds is no API key.")
		}
	}
	c := &Client{base: at.Scheme + "://" + at.Host, key: key, http: &http.Transport{
		DialContext:         (&net.Dialer{Timeout: connectLimit}).DialContext,
		TLSHandshakeTimeout: connectLimit,
		DisableCompression:  true,
		MaxIdleConnsPerHost: parallel + 1,
		IdleConnTimeout:     30 * time.Second,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
	}}
	if authority != nil {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(authority) {
			return nil, ErrAuthority
		}
		c.http.TLSClientConfig.RootCAs = pool
	}
	return c, nil
}

// Close closes idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// answer is what the API answered.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// reached tells, beside the error of ask, whether a request may have arrived.
type reached bool

// ask makes one request. It is never repeated here.
func (c *Client) ask(ctx context.Context, method, path, idempotencyKey string, body []byte) (answer, reached, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, false, err
	}
	// Without it net/http would send a request again by itself over another
	// connection, which nobody would count.
	req.GetBody = nil
	req.Header.Set("Authorization", "x-api-key "+c.key.Reveal())
	req.Header.Set("User-Agent", "keydeskd-send")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if idempotencyKey != "" {
		req.Header.Set("Idempotency-Key", idempotencyKey)
	}
	res, err := c.http.RoundTrip(req)
	if err != nil {
		dial := (*net.OpError)(nil)
		return answer{}, !reached(errors.As(err, &dial) && dial.Op == "dial"), err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return answer{res.StatusCode, res.Header, text}, true, err
}

// Key is what the API says of the key that asks.
type Key struct {
	ID              string   `json:"id"`
	Title           string   `json:"title"`
	Scopes          []string `json:"scopes"`
	RequestsAMinute int      `json:"requests_a_minute"`
	LiveSendsADay   *int     `json:"live_sends_a_day"`
}

// Self asks who the key is. It is the first request of a run: it finds out whether
// Keydesk is there and the key is good before anything else is done.
// Faults: those above, and what the API refuses.
func (c *Client) Self(ctx context.Context) (Key, error) {
	var key Key
	got, err := c.get(ctx, http.MethodGet, "/v1/key", nil)
	if err != nil {
		return Key{}, err
	}
	if err := json.Unmarshal(got.body, &key); err != nil || key.ID == "" || key.RequestsAMinute < 1 {
		return Key{}, ErrNotKeydesk.WithCause(err)
	}
	return key, nil
}

// Preview is what the API says of a row without sending it.
type Preview struct {
	Provider string `json:"provider"`
	Setup    struct {
		Name string `json:"name"`
	} `json:"setup"`
	Ignored []string `json:"ignored_fields"`
	Request *struct {
		// SMSSegments is null where it is not known.
		SMSSegments *int `json:"sms_segments"`
	} `json:"request"`
}

// Preview asks what would go out for a row.
func (c *Client) Preview(ctx context.Context, row Row) (Preview, error) {
	body, err := row.body("preview")
	if err != nil {
		return Preview{}, err
	}
	got, err := c.get(ctx, http.MethodPost, "/v1/calls", body)
	if err != nil {
		return Preview{}, err
	}
	var preview Preview
	if err := json.Unmarshal(got.body, &preview); err != nil {
		return Preview{}, ErrNotKeydesk.WithCause(err)
	}
	return preview, nil
}

// get makes a request that sends nothing, and waits once where it is told to.
func (c *Client) get(ctx context.Context, method, path string, body []byte) (answer, error) {
	for tries := 0; ; tries++ {
		got, _, err := c.ask(ctx, method, path, "", body)
		switch {
		case ctx.Err() != nil:
			return answer{}, ErrStopped
		case err != nil:
			return answer{}, c.unreachable(err)
		case got.status == http.StatusOK:
			return got, nil
		}
		refusal, known := readProblem(got)
		if !known {
			return answer{}, ErrNotKeydesk
		}
		if wait := refusal.wait(); tries == 0 && wait > 0 && wait <= longestWait && refusal.Code != pausedCode {
			if c.Waits != nil && wait > time.Second {
				c.Waits(wait, refusal.Detail)
			}
			select {
			case <-time.After(wait):
				continue
			case <-ctx.Done():
				return answer{}, ErrStopped
			}
		}
		return answer{}, refusal.fault()
	}
}

// unreachable says why nothing was answered. The error of net/http has the address
// and no header, so no key.
func (c *Client) unreachable(err error) *fault.Error {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var plain tls.RecordHeaderError
	refusal := ErrUnreachable.WithMessage("Keydesk does not answer at %s.", c.base).WithCause(err)
	switch {
	case errors.As(err, &unknown):
		return refusal.WithMessage("The certificate at %s is not from an authority that is trusted here.", c.base).
			WithHint("Give the root certificate of the office with --ca. Keydesk saves it under Settings, Local API.")
	case errors.As(err, &name), errors.As(err, &invalid):
		return refusal.WithMessage("The certificate at %s is not good for this address now.", c.base).
			WithHint("Call Keydesk at an address that it shows under Settings, Local API, and look at the clock of this computer.")
	case errors.As(err, &plain):
		return refusal.WithMessage("What answers at %s does not speak TLS.", c.base).WithHint("On the computer of Keydesk itself the address begins with http.")
	}
	return refusal
}
