package limit

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

// maxProgram is the most instructions that a pattern may have. Go's expressions
// take at most a time of text times instructions, but cannot be stopped: .{1000}
// a few times over is some characters of pattern and minutes on a large text.
const maxProgram = 10_000

// maxClasses is the most Unicode classes, such as \pL. Each becomes hundreds of
// ranges, which are merged with all before, so reading a pattern of 500 characters
// would take 10 ms.
const maxClasses = 20

// Pattern is a regular expression (RE2) that matches within a budget.
type Pattern struct {
	expression *regexp.Regexp
	match      int64 // steps for each byte of a text
	find       int64 // the same, with the groups
}

// Check tells whether a pattern can be compiled, without the cost of doing it.
func Check(pattern string) error {
	_, _, err := measure(pattern)
	return err
}

// Compile reads a pattern. The error says what is wrong with it, to follow a
// colon.
func Compile(pattern string) (*Pattern, error) {
	size, groups, err := measure(pattern)
	if err != nil {
		return nil, err
	}
	expression, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	return &Pattern{expression, size, size * (1 + groups)}, nil
}

// Match tells whether a text has a match. It is false as well when the budget
// does not suffice; its Err tells.
func (p *Pattern) Match(b *Budget, text string) bool {
	return b.Work(p.match*int64(len(text)+1)) && p.expression.MatchString(text)
}

// Find gives the first match and its groups; nil when there is none, or when the
// budget does not suffice.
func (p *Pattern) Find(b *Budget, text string) []string {
	if !b.Work(p.find * int64(len(text)+1)) {
		return nil
	}
	return p.expression.FindStringSubmatch(text)
}

// measure gives about how many instructions a pattern has when it is compiled,
// and how many groups.
func measure(pattern string) (size, groups int64, err error) {
	if strings.Count(pattern, `\p`)+strings.Count(pattern, `\P`) > maxClasses {
		return 0, 0, fmt.Errorf("the pattern has more than %d Unicode classes", maxClasses)
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 0, 0, err
	}
	if size = instructions(tree); size > maxProgram {
		return 0, 0, fmt.Errorf("the pattern repeats too much: it has more than %d parts", maxProgram)
	}
	return size, int64(tree.MaxCap()), nil
}

// instructions counts those of a tree. The parser bounds its depth and its
// repetitions, so the number cannot overflow.
func instructions(tree *syntax.Regexp) int64 {
	count := int64(1)
	switch tree.Op {
	case syntax.OpLiteral:
		return int64(len(tree.Rune)) + 1
	case syntax.OpRepeat:
		times := max(tree.Min, tree.Max, tree.Min+1)
		return int64(times)*(instructions(tree.Sub[0])+1) + 1
	}
	for _, sub := range tree.Sub {
		count += instructions(sub) + 1
	}
	return count
}
