// Package sms counts the segments of an SMS before it is paid for: which
// alphabet a text needs, and how many messages it is billed as (3GPP TS 23.038
// section 6.2.1 and 6.2.1.1, TS 23.040 section 9.2.3.24.1). It is pure.
package sms

import (
	"strings"
	"unicode/utf16"
)

// Alphabet is how a text is encoded for sending.
type Alphabet string

// The alphabets. GSM has 7 bits per character, UCS-2 16.
const (
	GSM  Alphabet = "gsm7"
	UCS2 Alphabet = "ucs2"
)

// Units in one message, and in each part of a longer one: 6 octets of header
// join the parts.
const (
	gsmOne, gsmPart = 160, 153
	ucsOne, ucsPart = 70, 67
)

// Count is what a text costs. Units are septets in GSM (a character of the
// extension table takes two) and UTF-16 units in UCS-2.
type Count struct {
	Alphabet Alphabet `json:"alphabet"`
	Units    int      `json:"units"`
	Segments int      `json:"segments"`
	// Left is how many units still fit in the last segment.
	Left int `json:"left"`
	// Odd lists the characters that force UCS-2, each once, at most ten.
	Odd []string `json:"odd"`
}

const basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

// extension characters are written as an escape and a second septet.
const extension = "\f^{}\\[~]|€"

// Measure counts a text. An empty one takes no segment.
func Measure(text string) Count {
	c := Count{Alphabet: GSM, Odd: []string{}}
	var septets []int
	for _, r := range text {
		switch {
		case strings.ContainsRune(basic, r):
			septets = append(septets, 1)
		case strings.ContainsRune(extension, r):
			septets = append(septets, 2)
		default:
			c.Alphabet = UCS2
			if odd := string(r); len(c.Odd) < 10 && !contains(c.Odd, odd) {
				c.Odd = append(c.Odd, odd)
			}
		}
	}
	if c.Alphabet == GSM {
		c.fill(septets, gsmOne, gsmPart)
		return c
	}
	var units []int
	for _, r := range text {
		units = append(units, utf16.RuneLen(r))
	}
	c.fill(units, ucsOne, ucsPart)
	return c
}

// fill packs characters, which are never cut in two, into segments.
func (c *Count) fill(sizes []int, one, part int) {
	for _, n := range sizes {
		c.Units += n
	}
	if c.Units <= one {
		c.Left = one - c.Units
		if c.Units > 0 {
			c.Segments = 1
		}
		return
	}
	c.Segments = 1
	used := 0
	for _, n := range sizes {
		if used+n > part {
			c.Segments++
			used = 0
		}
		used += n
	}
	c.Left = part - used
}

func contains(list []string, text string) bool {
	for _, one := range list {
		if one == text {
			return true
		}
	}
	return false
}
