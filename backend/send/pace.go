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
	// left is how many requests may go out before another answer comes.
	left int
	// flying is how many wait for their answer, and sent how many went out so far.
	flying, sent int
	// until is when the next request may go out.
	until time.Time
}

// ticket is one request that goes out.
type ticket struct {
	// number counts the requests, and beside is how many others were flying.
	number, beside int
}

// take asks to send a request. It gives how long to wait before asking again; 0 means
// that the request goes out now, and done has to be called after it.
func (p *pace) take(now time.Time) (ticket, time.Duration) {
	switch {
	case now.Before(p.until):
		return ticket{}, p.until.Sub(now)
	case p.known && p.left == 0 && p.flying > 0:
		return ticket{}, 10 * time.Millisecond // their answers tell more
	case p.known && p.left > 0:
		p.left--
	}
	p.sent++
	p.flying++
	return ticket{p.sent, p.flying - 1}, 0
}

// done takes what the answer to a request says of the limit; nil for no answer. What
// it says was true when the request was counted: those that went out since, and those
// that were flying beside it, may have been counted later.
func (p *pace) done(one ticket, header http.Header, now time.Time) {
	p.flying--
	left, reset, told := rateLimit(header.Get("RateLimit"))
	if !told {
		return
	}
	p.known, p.left = true, max(left-(p.sent-one.number)-one.beside, 0)
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
