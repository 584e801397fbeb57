package provider

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"keydesk/backend/limit"
	"keydesk/backend/request"
	"keydesk/backend/secret"
)

// StandIn is the value that replaces a secret when the simulator is the target. It
// fits the field's pattern, is the same each time, and opens nothing; "" when none
// could be made. Those of secret fields are made when the file is loaded, since
// every simulated call needs them.
func (p *Provider) StandIn(f Field) string {
	if made, known := p.standIns[f.ID]; known {
		return made
	}
	return p.makeStandIn(f)
}

func (p *Provider) makeStandIn(f Field) string {
	if f.StandInValue != "" {
		return f.StandInValue
	}
	if f.Pattern == "" {
		if !f.Secret && f.Example != "" {
			return f.Example
		}
		sum := sha256.Sum256([]byte(p.Account + "/" + f.ID))
		return "simulated-" + strings.ReplaceAll(f.ID, "_", "-") + "-" + hex.EncodeToString(sum[:4])
	}
	tree, err := syntax.Parse(f.Pattern, syntax.Perl)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256([]byte(p.Account + "/" + f.ID))
	g := generator{seed: sum[:]}
	g.write(tree)
	text := g.out.String()
	if whole, err := wholePattern(f.Pattern); err != nil || !whole.Match(limit.New(context.Background()), text) || text == "" {
		return ""
	}
	return text
}

// WithStandIns is a spec whose secrets are replaced by stand-ins: those of the
// provider's fields by StandIn, any other by one fixed text.
func (p *Provider) WithStandIns(spec request.Spec) request.Spec {
	swap := func(v request.Value, text string) request.Value {
		if v.Secret {
			return request.Value{Secret: true, Typed: secret.New(text)}
		}
		return v
	}
	const other = "simulated-secret"
	a := &spec.Auth
	a.KeyValue, a.Token, a.Password, a.ClientSecret = swap(a.KeyValue, other), swap(a.Token, other), swap(a.Password, other), swap(a.ClientSecret, other)
	spec.Headers = append([]request.Header{}, spec.Headers...)
	for i := range spec.Headers {
		spec.Headers[i].Value = swap(spec.Headers[i].Value, other)
	}
	spec.Params = append([]request.Param{}, spec.Params...)
	for i := range spec.Params {
		spec.Params[i].Value = swap(spec.Params[i].Value, other)
	}
	spec.Fixed = append([]request.Field{}, spec.Fixed...)
	for i := range spec.Fixed {
		if !spec.Fixed[i].Value.Secret {
			continue
		}
		text := other
		if f, found := p.Field(spec.Fixed[i].Name); found {
			text = p.StandIn(f)
		}
		spec.Fixed[i].Value = swap(spec.Fixed[i].Value, text)
	}
	return spec
}

// token is a variable in a template.
var token = regexp.MustCompile(`\{\{\s*([^|{}\s]+)\s*(?:\|\s*([^{}]*?)\s*)?\}\}`)

// names are the variables of a template.
func names(template string) []string {
	var out []string
	for _, m := range token.FindAllStringSubmatch(template, -1) {
		out = append(out, m[1])
	}
	return out
}

// wholePattern is a field's pattern for a whole value.
func wholePattern(pattern string) (*limit.Pattern, error) {
	return limit.Compile(`^(?:` + pattern + `)$`)
}

// generator writes a text that fits a pattern, chosen by a seed.
type generator struct {
	seed []byte
	n    int
	out  strings.Builder
}

func (g *generator) next() int {
	g.n++
	return int(g.seed[g.n%len(g.seed)]) + g.n*7
}

// longest limits a stand-in, however often a pattern repeats.
const longest = 512

func (g *generator) write(tree *syntax.Regexp) {
	if g.out.Len() > longest {
		return
	}
	switch tree.Op {
	case syntax.OpLiteral:
		g.out.WriteString(string(tree.Rune))
	case syntax.OpCharClass:
		g.out.WriteRune(g.pick(tree.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		g.out.WriteRune(g.pick([]rune{'a', 'z'}))
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range tree.Sub {
			g.write(sub)
		}
	case syntax.OpAlternate:
		g.write(tree.Sub[0])
	case syntax.OpPlus:
		g.repeat(tree.Sub[0], 12)
	case syntax.OpRepeat:
		times := tree.Min
		if times < 12 && (tree.Max < 0 || tree.Max >= 12) {
			times = 12
		}
		g.repeat(tree.Sub[0], times)
	}
}

func (g *generator) repeat(tree *syntax.Regexp, times int) {
	for range times {
		g.write(tree)
	}
}

// pick takes a character of a class, a letter or digit where it has one.
func (g *generator) pick(class []rune) rune {
	const plain = "a1b2c3d4e5f60789ghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	fits := make([]rune, 0, len(plain))
	for _, r := range plain {
		for i := 0; i+1 < len(class); i += 2 {
			if r >= class[i] && r <= class[i+1] {
				fits = append(fits, r)
			}
		}
	}
	if len(fits) > 0 {
		return fits[g.next()%len(fits)]
	}
	if len(class) > 0 && utf8.ValidRune(class[0]) {
		return class[0]
	}
	return '-'
}
