package request

import (
	"strconv"
	"strings"
)

// piece is one stretch of output with where it comes from. Its text is plain
// even when secret, so pieces never leave the package: Preview and Curl mask
// them.
type piece struct {
	text   string
	origin string
	// label is the word that replaces a secret piece in a copied curl line.
	label    string
	secret   bool
	missing  bool
	withheld bool // a value exists but is not here: stored, or not yet fetched
	// mark numbers a withheld value, to tell it from others of the same label.
	mark int32
}

type pieces []piece

// identity is equal for pieces of equal secrets: the text or, where that is not
// here, its number.
func (p piece) identity() string {
	if p.withheld {
		return strconv.Itoa(int(p.mark))
	}
	return p.text
}

// maxJoined limits what add joins, so that joining stays cheap.
const maxJoined = 4 << 10

// add appends a piece and joins it to its neighbour if only their texts differ,
// so that a page of JSON is not a thousand pieces.
func (p *pieces) add(next piece) {
	if next.text == "" && !next.withheld {
		return
	}
	if n := len(*p); n > 0 && !next.withheld {
		last := &(*p)[n-1]
		if len(last.text) < maxJoined && !last.withheld && !last.missing && !next.missing && last.secret == next.secret &&
			last.origin == next.origin && (!last.secret || last.label == next.label) {
			last.text += next.text
			return
		}
	}
	*p = append(*p, next)
}

func (p *pieces) addAll(more pieces) {
	for _, next := range more {
		p.add(next)
	}
}

func (p pieces) text() string {
	if len(p) == 1 {
		return p[0].text
	}
	var b strings.Builder
	for i := range p {
		b.WriteString(p[i].text)
	}
	return b.String()
}

// filled is the text with a character at the place of each value that is not here,
// for a look at what is around it.
func (p pieces) filled() string {
	if !p.withheld() {
		return p.text()
	}
	var b strings.Builder
	for i := range p {
		b.WriteString(p[i].text)
		if p[i].withheld {
			b.WriteByte('x')
		}
	}
	return b.String()
}

func (p pieces) size() int {
	n := 0
	for i := range p {
		n += len(p[i].text)
	}
	return n
}

// isEmpty reports whether nothing will be sent. A withheld value is something.
func (p pieces) isEmpty() bool { return p.size() == 0 && !p.withheld() }

// withheld reports whether a value is not here.
func (p pieces) withheld() bool {
	for i := range p {
		if p[i].withheld {
			return true
		}
	}
	return false
}

// trimmed returns p without blanks at either end, as net/http sends header
// values.
func (p pieces) trimmed() pieces {
	const blanks = " \t\r\n"
	out := append(pieces{}, p...)
	for len(out) > 0 && !out[0].withheld {
		out[0].text = strings.TrimLeft(out[0].text, blanks)
		if out[0].text != "" {
			break
		}
		out = out[1:]
	}
	for len(out) > 0 && !out[len(out)-1].withheld {
		last := &out[len(out)-1]
		last.text = strings.TrimRight(last.text, blanks)
		if last.text != "" {
			break
		}
		out = out[:len(out)-1]
	}
	return out
}
