package send

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// pace keeps to the key's limit of requests, as the answers tell it (the header
// RateLimit), so that hardly a request is refused for being too early. Other
// programs may use the same key; so it counts on what was answered last. It is pure:
// the caller gives the time.
type pace struct {
	// known says that left was told.
	known bool
	// left is how many requests may go out beside the flying ones.
	left, flying int
	// until is when the next request may go out.
	until time.Time
}

// take asks to send a request. It gives how long to wait before asking again; 0 means
// that the request goes out now, and done has to be called after it.
func (p *pace) take(now time.Time) time.Duration {
	switch {
	case now.Before(p.until):
		return p.until.Sub(now)
	case p.known && p.left == 0 && p.flying > 0:
		return 10 * time.Millisecond // their answers tell more
	case p.known && p.left > 0:
		p.left--
	}
	p.flying++
	return 0
}

// done takes what the answer to a request says of the limit; nil for no answer.
func (p *pace) done(header http.Header, now time.Time) {
	p.flying--
	left, reset, told := rateLimit(header.Get("RateLimit"))
	if !told {
		return
	}
	p.known, p.left = true, max(left-p.flying, 0)
	if left == 0 {
		p.hold(now.Add(reset))
	}
}

// hold lets no request go out before a moment.
func (p *pace) hold(until time.Time) {
	if until.After(p.until) {
		p.until = until
	}
}

// rateLimit reads the header RateLimit, as in "key";r=599;t=61.
func rateLimit(text string) (left int, reset time.Duration, told bool) {
	_, text, _ = strings.Cut(text, ";")
	var seconds int
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		number, err := strconv.Atoi(value)
		if err != nil || number < 0 {
			return 0, 0, false
		}
		switch name {
		case "r":
			left, told = number, true
		case "t":
			seconds = number
		}
	}
	return left, time.Duration(seconds) * time.Second, told
}
