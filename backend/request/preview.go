package request

import (
	"strings"
	"unicode/utf8"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// MaxPreviewBody is how much of the body a preview shows, in bytes.
const MaxPreviewBody = 256 << 10

// Segment is a stretch of the shown request and, in plain words, where it
// comes from. A secret's text is secret.Mask, whatever its length.
type Segment struct {
	Text    string `json:"text"`
	Origin  string `json:"origin"`
	Secret  bool   `json:"secret"`
	Missing bool   `json:"missing"`
}

// PreviewHeader is one header line.
type PreviewHeader struct {
	Name     string    `json:"name"`
	Segments []Segment `json:"segments"`
}

// Preview is the request as the page shows it. No slice is nil.
type Preview struct {
	Method     string          `json:"method"`
	URL        []Segment       `json:"url"`
	Headers    []PreviewHeader `json:"headers"`
	Body       []Segment       `json:"body"`
	BodyBytes  int             `json:"body_bytes"`
	BodyCut    bool            `json:"body_cut"`
	TotalBytes int             `json:"total_bytes"`
	// SecretsUncounted says that the sizes are without the secrets, since they
	// would tell their lengths.
	SecretsUncounted bool          `json:"secrets_uncounted"`
	Notes            []string      `json:"notes"`
	Missing          []string      `json:"missing"`
	Problems         []fault.Field `json:"problems"`
}

// Preview returns the request with secrets masked.
func (r *Rendered) Preview() Preview {
	r = r.twin(true)
	p := Preview{
		Method: r.method, URL: append(show(r.front), show(r.target)...),
		Headers: []PreviewHeader{}, BodyBytes: r.body.size(),
		Notes: r.Notes(), Missing: r.missingNames(),
		Problems: append(r.missingFields(), r.problems...),
	}
	p.TotalBytes = len(r.method) + 1 + r.target.size() + len(" HTTP/1.1\r\n\r\n") + p.BodyBytes
	for _, line := range r.head() {
		p.Headers = append(p.Headers, PreviewHeader{line.name, show(line.value)})
		p.TotalBytes += len(line.name) + len(": \r\n") + line.value.size()
	}
	p.SecretsUncounted = len(r.withheld) > 0
	if r.short {
		p.Notes = append(p.Notes, "A secret here is shorter than 6 characters. Keydesk cannot hide it where an answer repeats it.")
	}
	p.Body = []Segment{}
	left := MaxPreviewBody
	for _, s := range show(r.body) {
		if len(s.Text) > left {
			for left > 0 && !utf8.RuneStart(s.Text[left]) {
				left--
			}
			s.Text, p.BodyCut = s.Text[:left], true
		}
		left -= len(s.Text)
		if s.Text != "" {
			p.Body = append(p.Body, s)
		}
		if p.BodyCut {
			break
		}
	}
	return p
}

// Shown is the request as it goes out, with secrets masked at their places,
// however short they are. Nothing in it tells the length of a secret.
type Shown struct{ URL, Wire string }

// Shown returns what the history keeps of the request.
func (r *Rendered) Shown() Shown {
	r = r.twin(false)
	target := shownText(r.target)
	var b strings.Builder
	b.WriteString(r.method + " " + target + " HTTP/1.1\r\n")
	for _, line := range r.head() {
		b.WriteString(line.name + ": " + shownText(line.value) + "\r\n")
	}
	b.WriteString("\r\n" + shownText(r.body))
	return Shown{URL: shownText(r.front) + target, Wire: b.String()}
}

func shownText(from pieces) string {
	if len(from) == 1 && !from[0].secret {
		return strings.ToValidUTF8(from[0].text, "\uFFFD")
	}
	var text strings.Builder
	for _, s := range show(from) {
		text.WriteString(s.Text)
	}
	return text.String()
}

// show masks secrets. Neighbouring pieces of one secret become one mask, so
// that the number of masks says nothing about its parts.
func show(from pieces) []Segment {
	out := make([]Segment, 0, len(from))
	for _, p := range from {
		s := Segment{Text: strings.ToValidUTF8(p.text, "\uFFFD"), Origin: p.origin, Secret: p.secret, Missing: p.missing}
		switch {
		case p.origin == fetchedToken:
			s.Text = fetchedToken
		case p.secret:
			s.Text = secret.Mask
			if n := len(out); n > 0 && out[n-1].Secret && out[n-1].Origin == p.origin {
				continue
			}
		}
		out = append(out, s)
	}
	return out
}
