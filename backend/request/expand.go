package request

import (
	"strings"
	"time"

	"keydesk/backend/secret"
)

// keep remembers a secret, in each form it takes in the request.
func (b *builder) keep(texts ...string) {
	for _, text := range texts {
		if text != "" && !b.out.known[text] {
			b.out.known[text] = true
			b.out.secrets = append(b.out.secrets, secret.New(text))
		}
	}
}

// as says whose value is rendered: its input, its origin, the word that stands
// for it when secret.
type as struct {
	at, origin, label string
	secret            bool
}

// expand renders a template for one place. The missing names are returned, not
// noted, since an optional row is then left out.
func (b *builder) expand(text string, who as, esc escaper) (out pieces, missing []string) {
	tokens, _ := scan(text) // Check tells the faults
	return b.fill(tokens, who, esc)
}

// fill is expand for a template that is already scanned.
func (b *builder) fill(tokens []token, who as, esc escaper) (out pieces, missing []string) {
	var whole strings.Builder // the value before escaping
	for _, tok := range tokens {
		if tok.name == "" {
			escaped := esc.literal(tok.literal)
			if who.secret && len(tok.literal) >= minSecretPart {
				b.keep(tok.literal, escaped)
			}
			whole.WriteString(tok.literal)
			out.add(piece{text: escaped, origin: who.origin, label: who.label, secret: who.secret})
			continue
		}
		v, known := b.names.find(tok.name)
		if v.withheld {
			b.out.withheld = append(b.out.withheld, who.at)
			out.add(piece{origin: v.origin, label: v.label, secret: true, withheld: true})
			continue
		}
		if !known || v.value == "" {
			missing = append(missing, tok.name)
			out.add(piece{text: tok.written, origin: who.origin, missing: true})
			continue
		}
		source := v.value
		if tok.name == "$timestamp" && strings.HasPrefix(tok.format, "date:") {
			source = b.env.Now.Format(time.RFC3339)
		}
		value, complaint := applyFormat(tok.format, source, b.env)
		if complaint != "" {
			b.problem(who.at, short(tok.name)+" "+complaint)
		}
		escaped, complaint := esc.value(value)
		if complaint != "" {
			b.problem(who.at, short(tok.name)+" "+complaint)
		}
		next := piece{text: escaped, origin: v.origin, label: v.label, secret: v.secret || who.secret}
		if next.label == "" {
			next.label = who.label
		}
		if v.secret {
			b.keep(v.value, value, escaped)
		}
		whole.WriteString(value)
		out.add(next)
	}
	if who.secret && len(missing) == 0 {
		// A header is sent without the blanks around its value.
		b.keep(whole.String(), strings.TrimSpace(whole.String()), out.text(), strings.TrimSpace(out.text()))
	}
	return out, missing
}

// minSecretPart is how long, in bytes, a literal part of a secret must be to
// be taken out of answers by itself: a shorter one would take out what is not
// secret.
const minSecretPart = 8

// value renders a value that may be secret and may be only stored.
func (b *builder) value(v Value, who as, esc escaper) (pieces, []string) {
	who.secret = who.secret || v.Secret
	if v.Secret && v.Typed.IsEmpty() && v.Stored {
		b.out.withheld = append(b.out.withheld, who.at)
		return pieces{{origin: who.origin, label: who.label, secret: true, withheld: true}}, nil
	}
	return b.expand(v.Reveal(), who, esc)
}
