package request

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxIndex is the highest array index of R5.
const maxIndex = 999

// step is one part of a parameter's name in a JSON body: a member or an index.
type step struct {
	key     string
	index   int
	isIndex bool
}

// parsePath reads a parameter's name (R5): a.b and a[0].b nest, and a backslash
// keeps the next dot, bracket or backslash as it is.
func parsePath(name string) (path []step, complaint string) {
	if utf8.RuneCountInString(name) > MaxName {
		return nil, fmt.Sprintf("This name is longer than %d characters.", MaxName)
	}
	var key strings.Builder
	afterIndex := false
	i := 0
	endKey := func() string {
		if key.Len() == 0 {
			return fmt.Sprintf("The name %q has an empty part. Write \\. for a dot that belongs to the name.", short(name))
		}
		path = append(path, step{key: key.String()})
		key.Reset()
		return ""
	}
	for i < len(name) {
		c := name[i]
		if afterIndex && c != '.' && c != '[' {
			return nil, fmt.Sprintf("In the name %q a dot is missing after ].", short(name))
		}
		switch {
		case c == '\\' && i+1 < len(name) && strings.IndexByte(`.[]\`, name[i+1]) >= 0:
			key.WriteByte(name[i+1])
			i += 2
		case c == '.':
			if !afterIndex {
				if complaint = endKey(); complaint != "" {
					return nil, complaint
				}
			}
			afterIndex = false
			i++
			if i == len(name) {
				return nil, fmt.Sprintf("The name %q ends with a dot. Write \\. for a dot that belongs to the name.", short(name))
			}
		case c == '[':
			if !afterIndex {
				if complaint = endKey(); complaint != "" {
					return nil, complaint
				}
			}
			n := digits(name[i+1:])
			end := i + 1 + n
			if n == 0 || end >= len(name) || name[end] != ']' || n > 1 && name[i+1] == '0' {
				return nil, fmt.Sprintf("In the name %q the brackets must hold a number, as in items[0]. Write \\[ for a bracket that belongs to the name.", short(name))
			}
			index, err := strconv.Atoi(name[i+1 : end])
			if err != nil || index > maxIndex {
				return nil, fmt.Sprintf("In the name %q the index is above %d.", short(name), maxIndex)
			}
			path = append(path, step{index: index, isIndex: true})
			afterIndex = true
			i = end + 1
		case c == ']':
			return nil, fmt.Sprintf("In the name %q a ] has no [. Write \\] for a bracket that belongs to the name.", short(name))
		default:
			key.WriteByte(c)
			i++
		}
	}
	if !afterIndex {
		if complaint = endKey(); complaint != "" {
			return nil, complaint
		}
	}
	return path, ""
}

// plainName is a parameter's name where nothing nests (query, form, multipart):
// only the backslashes of R5 are removed, so that changing the body format does
// not change what a name means.
func plainName(name string) string {
	if !strings.Contains(name, `\`) {
		return name
	}
	return strings.NewReplacer(`\.`, ".", `\[`, "[", `\]`, "]", `\\`, `\`).Replace(name)
}

// nodeKind says what a place in the tree has become.
type nodeKind int

const (
	emptyNode nodeKind = iota
	leafNode
	objectNode
	arrayNode
)

// node is one place of the JSON body under construction.
type node struct {
	kind     nodeKind
	key      string
	index    int
	at       string // the input that made it
	children []*node
	leaves   []pieces // more than one: the name was repeated
}

func (n *node) child(s step) *node {
	for _, c := range n.children {
		if c.key == s.key && c.index == s.index {
			return c
		}
	}
	c := &node{key: s.key, index: s.index}
	n.children = append(n.children, c)
	return c
}

// put adds a value under a path; at names the input it comes from.
func (n *node) put(path []step, value pieces, at string) (complaint string) {
	here := n
	for _, s := range path {
		kind := objectNode
		if s.isIndex {
			kind = arrayNode
		}
		if here.kind == emptyNode {
			here.kind = kind
		}
		if here.kind != kind {
			return here.clash()
		}
		here = here.child(s)
		if here.at == "" {
			here.at = at
		}
	}
	if here.kind != emptyNode && here.kind != leafNode {
		return here.clash()
	}
	here.kind = leafNode
	here.leaves = append(here.leaves, value)
	return ""
}

func (n *node) clash() string {
	name := fmt.Sprintf("%q", short(n.key))
	if n.key == "" {
		name = fmt.Sprintf("Number [%d]", n.index)
	}
	switch n.kind {
	case leafNode:
		return name + " is a value in one row and holds other values in another."
	case arrayNode:
		return name + " is a list in one row and something else in another."
	}
	return name + " holds named values in one row and is something else in another."
}

// gaps reports the lists with a gap, at the row that leaves it.
func (n *node) gaps(report func(at, complaint string)) {
	if n.kind == arrayNode {
		sorted := slices.Clone(n.children)
		slices.SortFunc(sorted, func(a, b *node) int { return a.index - b.index })
		for want, c := range sorted {
			if c.index != want {
				report(c.at, fmt.Sprintf("The list %s has no [%d]. Number its entries from 0 without a gap.", strconv.Quote(short(n.key)), want))
				break
			}
		}
	}
	for _, c := range n.children {
		c.gaps(report)
	}
}

// write writes the JSON. Members keep the order of rows, list entries that of
// their numbers; gaps left by optional rows are closed.
func (n *node) write(out *pieces) {
	switch n.kind {
	case leafNode:
		if len(n.leaves) == 1 {
			out.addAll(n.leaves[0])
			return
		}
		out.add(piece{text: "["})
		for i, leaf := range n.leaves {
			if i > 0 {
				out.add(piece{text: ","})
			}
			out.addAll(leaf)
		}
		out.add(piece{text: "]"})
	case arrayNode:
		sorted := slices.Clone(n.children)
		slices.SortFunc(sorted, func(a, b *node) int { return a.index - b.index })
		out.add(piece{text: "["})
		for i, c := range sorted {
			if i > 0 {
				out.add(piece{text: ","})
			}
			c.write(out)
		}
		out.add(piece{text: "]"})
	default:
		out.add(piece{text: "{"})
		for i, c := range n.children {
			if i > 0 {
				out.add(piece{text: ","})
			}
			out.add(piece{text: `"` + escapeJSON(c.key) + `":`})
			c.write(out)
		}
		out.add(piece{text: "}"})
	}
}
