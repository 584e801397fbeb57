package provider

import (
	_ "embed"
	"strings"
)

// ExampleName is what the example is called when it is saved.
const ExampleName = "provider-example.yaml"

//go:embed FORMAT.md
var format string

// Example gives a provider file that loads and explains itself: the blocks of
// FORMAT.md unchanged, and every other line of it as a comment. So the document,
// the example and what Load takes cannot drift apart.
func Example() string {
	var out strings.Builder
	block := false
	for line := range strings.Lines(format) {
		switch {
		case strings.HasPrefix(line, "```"):
			block = !block
		case block:
			out.WriteString(line)
		default:
			out.WriteString(strings.TrimRight("# "+asWords.Replace(strings.TrimLeft(line, "# ")), " \n") + "\n")
		}
	}
	return out.String()
}

// asWords removes the marks of Markdown.
var asWords = strings.NewReplacer("`", "", "**", "")
