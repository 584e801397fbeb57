package httpclient

import (
	"net/http"
	"net/url"
	"time"

	"keydesk/backend/verdict"
)

// Limits bound one call (R7). The zero value means the defaults.
type Limits struct {
	// Timeout is for the whole call, hops and body included: 30 s when zero,
	// otherwise limited to 1 to 300 s.
	Timeout time.Duration
	// Redirects is how many may be followed within the same scheme, host and
	// port: 0 to 5.
	Redirects int
	// SkipTLSCheck accepts any certificate for this call alone.
	SkipTLSCheck bool
}

// Cut says why a body is not whole.
type Cut string

// The reasons of a cut.
const (
	NotCut     Cut = ""
	CutSize    Cut = "size"    // over 10 MiB decoded or on the wire
	CutRatio   Cut = "ratio"   // a compressed body that grows over 200:1
	CutBroken  Cut = "broken"  // the compressed body does not decode
	CutHalfway Cut = "halfway" // the connection or the time ended before the body did
)

// Timings are durations in milliseconds, one after the other; they add up to
// TotalMs except for scheduling. A reused connection has no DNS, connect and
// TLS. With followed redirects the phases are those of the last hop and TotalMs
// is for all.
type Timings struct {
	DNSMs       float64 `json:"dns_ms"`
	ConnectMs   float64 `json:"connect_ms"`
	TLSMs       float64 `json:"tls_ms"`
	FirstByteMs float64 `json:"first_byte_ms"`
	DownloadMs  float64 `json:"download_ms"`
	TotalMs     float64 `json:"total_ms"`
	Reused      bool    `json:"reused"`
}

// TLS describes the secure connection. Fingerprint is the leaf's SHA-256 in
// lower-case hex; Checked is false when the call switched the check off.
type TLS struct {
	Version     string    `json:"version"`
	Subject     string    `json:"subject"`
	Issuer      string    `json:"issuer"`
	Expires     time.Time `json:"expires" ts_type:"string"`
	Fingerprint string    `json:"fingerprint"`
	Checked     bool      `json:"checked"`
}

// Hop is one redirect that was answered. The last one may not have been
// followed; Note then says why.
type Hop struct {
	Method   string `json:"method"`
	URL      string `json:"url"`
	Status   int    `json:"status"`
	Location string `json:"location"`
	Followed bool   `json:"followed"`
	Note     string `json:"note"`
}

// Answer is the result of one call. Nothing in it is redacted: code that shows
// or keeps it must do that first (R9).
type Answer struct {
	// Sent is true if any byte of the request was written.
	Sent bool `json:"sent"`
	// Failure is nil when an answer was read to its end or to our limit.
	Failure *verdict.Failure `json:"failure"`

	Status     int    `json:"status"`
	StatusText string `json:"status_text"`
	Proto      string `json:"proto"`
	// Headers are in the order and spelling received.
	Headers []verdict.Header `json:"headers"`

	// Body is without its content coding, at most 10 MiB. Text is the same as text,
	// decoded once: what the page shows and what rules read (T1).
	Body []byte `json:"-"`
	Text string `json:"-"`
	// WireBytes is the body's size as received, BodyBytes decoded.
	WireBytes int64 `json:"wire_bytes"`
	BodyBytes int64 `json:"body_bytes"`
	// Truncated is true if Body is not whole; Cut says why.
	Truncated bool `json:"truncated"`
	Cut       Cut  `json:"cut"`
	// UnknownCoding names the content coding that Body still has, since Keydesk
	// does not know it. ClaimedCoding names one that the answer said Body has and
	// it has not. Both are "" otherwise.
	UnknownCoding string `json:"unknown_coding"`
	ClaimedCoding string `json:"claimed_coding"`
	// BrokenText is true if Body is not valid in its character set.
	BrokenText bool `json:"broken_text"`

	Timings Timings `json:"timings"`
	// RemoteAddr is the address dialled, "93.184.216.34:443".
	RemoteAddr string `json:"remote_addr"`
	TLS        *TLS   `json:"tls"`
	Hops       []Hop  `json:"hops"`
}

// Outcome returns what package verdict judges: the text, not the bytes.
func (a Answer) Outcome() verdict.Outcome {
	return verdict.Outcome{
		Sent: a.Sent, Failure: a.Failure, Status: a.Status, Headers: a.Headers,
		Body: []byte(a.Text), Truncated: a.Truncated, Turned: a.turned(),
	}
}

// turned finds the redirect that made a GET of a POST.
func (a Answer) turned() verdict.Turned {
	for _, hop := range a.Hops {
		if hop.Method != http.MethodPost || !becomesGet(hop.Status, hop.Method) || hop.Status == http.StatusSeeOther {
			continue
		}
		turned := verdict.Turned{Asked: true}
		if hop.Followed {
			turned.To = hop.Location
			if from, err := url.Parse(hop.URL); err == nil {
				if to, err := from.Parse(hop.Location); err == nil {
					turned.To = to.String()
				}
			}
		}
		return turned
	}
	return verdict.Turned{}
}

// ContentType returns the answer's Content-Type header.
func (a Answer) ContentType() string { return first(a.Headers, "Content-Type") }
