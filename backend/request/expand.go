package request

import (
	"slices"
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

// as says whose value is rendered: its input, its origin, and the word that
// replaces it if it is secret.
type as struct {
	at, origin, label string
	secret            bool
}

// expand renders a template for one place. The missing names are returned, not
// noted, since an optional row is then left out.
func (b *builder) expand(text string, who as, esc escaper) (out pieces, missing []string) {
	tokens, _ := scan(text) // Check reports the faults
	return b.fill(tokens, who, esc)
}

// fill is expand for a template that is already scanned.
func (b *builder) fill(tokens []token, who as, esc escaper) (out pieces, missing []string) {
	var whole strings.Builder // the value before escaping
	out = make(pieces, 0, len(tokens))
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
			out.add(b.mark(v, who, esc))
			continue
		}
		if known && v.value != "" && v.template != nil {
			inner, lacking := b.fillTemplate(tok, v, who, esc, &whole)
			out.addAll(inner)
			missing = append(missing, lacking...)
			continue
		}
		if !known || v.value == "" {
			missing = append(missing, tok.name)
			out.add(piece{text: tok.written, origin: who.origin, missing: true})
			continue
		}
		value, complaint := applyFormat(tok.format, b.source(tok, v), b.env)
		if complaint != "" {
			b.problem(who.at, b.env.call(tok.name)+" "+complaint)
		}
		escaped, complaint := esc.value(value)
		if complaint != "" {
			b.problem(who.at, b.env.call(tok.name)+" "+complaint)
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

// fillTemplate renders a variable whose value is itself a template. Its text
// was typed by the author of the setup, but it is written in the place of the
// variable, so it is escaped as a value. Inside it only plain values are known:
// what is expanded is never expanded again (R1).
func (b *builder) fillTemplate(tok token, v variable, who as, esc escaper, whole *strings.Builder) (out pieces, missing []string) {
	var text strings.Builder
	formatted := tok.format != "" && !slices.ContainsFunc(v.template, func(t token) bool { return t.format != "" })
	around := "" // the format of what is around a secret that is not here
	if formatted && slices.ContainsFunc(v.template, func(t token) bool { found, _ := b.names.find(t.name); return found.withheld }) {
		formatted = false
		if tok.format == "upper" || tok.format == "lower" {
			around = tok.format
		}
	}
	secret := v.secret
	for _, inner := range v.template {
		part := variable{value: inner.literal, origin: v.origin, label: v.label, secret: v.secret}
		if inner.name != "" {
			found, known := b.names.find(inner.name)
			switch {
			case found.withheld:
				out.add(b.mark(found, who, esc))
				continue
			case !known || found.value == "" || found.template != nil:
				missing = append(missing, inner.name)
				out.add(piece{text: inner.written, origin: v.origin, missing: true})
				continue
			}
			part = found
			part.secret = found.secret || v.secret
			value, complaint := applyFormat(inner.format, b.source(inner, found), b.env)
			if complaint != "" {
				b.problem(v.valueAt(), b.env.call(inner.name)+" "+complaint)
			}
			part.value = value
		}
		part.value, _ = applyFormat(around, part.value, b.env)
		secret = secret || part.secret
		text.WriteString(part.value)
		if !formatted {
			out.add(b.escaped(part, who, esc, v.valueAt()))
		}
	}
	if formatted && len(missing) == 0 {
		value, complaint := applyFormat(tok.format, text.String(), b.env)
		if complaint != "" {
			b.problem(v.valueAt(), b.env.call(tok.name)+" "+complaint)
		}
		from := v
		if len(v.template) == 1 && v.template[0].name != "" {
			from, _ = b.names.find(v.template[0].name)
		}
		from.value = value
		from.secret = secret
		out.add(b.escaped(from, who, esc, v.valueAt()))
		text.Reset()
		text.WriteString(value)
	}
	whole.WriteString(text.String())
	return out, missing
}

// source is what a format is applied to; for a date made of {{$timestamp}} it
// is the time itself.
func (b *builder) source(tok token, v variable) string {
	if tok.name == "$timestamp" && strings.HasPrefix(tok.format, "date:") {
		return b.env.Now.Format(time.RFC3339)
	}
	return v.value
}

// escaped is one value written for its place.
func (b *builder) escaped(v variable, who as, esc escaper, at string) piece {
	text, complaint := esc.value(v.value)
	if complaint != "" {
		b.problem(at, b.env.call(v.label)+" "+complaint)
	}
	if v.secret {
		b.keep(v.value, text)
	}
	label := v.label
	if label == "" {
		label = who.label
	}
	return piece{text: text, origin: v.origin, label: label, secret: v.secret || who.secret}
}

// valueAt returns the input of a fixed field's value; at is that of its name.
func (v variable) valueAt() string { return strings.TrimSuffix(v.at, "name") + "value" }

// minSecretPart is how long, in bytes, a literal part of a secret must be to
// be taken out of answers by itself: a shorter one would take out what is not
// secret.
const minSecretPart = 8

// value renders a value that may be secret and may be only stored.
func (b *builder) value(v Value, who as, esc escaper) (pieces, []string) {
	who.secret = who.secret || v.Secret
	if !v.IsSealed() {
		return b.expand(v.Reveal(), who, esc)
	}
	var missing []string
	for _, name := range v.traits().Names {
		if used, known := b.names.find(name); !known || used.value == "" && !used.withheld {
			missing = append(missing, name)
		}
	}
	sealed := variable{origin: who.origin, label: who.label, at: who.at, traits: v.traits()}
	return pieces{b.mark(sealed, who, esc)}, missing
}

// mark is the place of a secret that is not here.
func (b *builder) mark(v variable, who as, esc escaper) piece {
	b.out.withheld = append(b.out.withheld, who.at)
	b.out.short = b.out.short || v.traits.Short
	if complaint := esc.sealed(v.traits); complaint != "" {
		b.problem(who.at, b.env.call(v.label)+" "+complaint)
	}
	return piece{origin: v.origin, label: v.label, secret: true, withheld: true, mark: b.numbered(v.at)}
}

// numbered gives each input at which a secret is defined a number from 1.
func (b *builder) numbered(at string) int32 {
	if b.marks == nil {
		b.marks = map[string]int32{}
	}
	if b.marks[at] == 0 {
		b.marks[at] = int32(len(b.marks) + 1)
	}
	return b.marks[at]
}
