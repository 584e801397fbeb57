package verdict

import (
	"errors"
	"strings"

	"github.com/antchfx/xmlquery"
	"github.com/antchfx/xpath"

	"keydesk/backend/limit"
)

// navigator is how the XPath library goes through an XML document: every step that
// an expression makes it take, and every text it reads, is charged to the budget.
// The library can be stopped in no other way, so where the budget ends a step
// panics with errSpent, and visit recovers.
type navigator struct {
	budget     *limit.Budget
	root, node *xmlquery.Node
	attribute  int // index of the node's attribute; -1 for the node itself
}

var errSpent = errors.New("verdict: the budget has ended")

var _ xpath.NodeNavigator = (*navigator)(nil)

func navigate(b *limit.Budget, root *xmlquery.Node) *navigator {
	return &navigator{budget: b, root: root, node: root, attribute: -1}
}

// Steps of one move, with what the library does around it.
const perMove = 10

func (n *navigator) pay(steps, bytes int) {
	if !n.budget.Work(int64(steps)) || !n.budget.Keep(int64(bytes)) {
		panic(errSpent)
	}
}

func (n *navigator) NodeType() xpath.NodeType {
	n.pay(1, 0)
	if n.attribute >= 0 {
		return xpath.AttributeNode
	}
	switch n.node.Type {
	case xmlquery.CommentNode:
		return xpath.CommentNode
	case xmlquery.TextNode, xmlquery.CharDataNode, xmlquery.NotationNode:
		return xpath.TextNode
	case xmlquery.DocumentNode, xmlquery.DeclarationNode:
		return xpath.RootNode
	}
	return xpath.ElementNode
}

func (n *navigator) LocalName() string {
	n.pay(1, 0)
	if n.attribute >= 0 {
		return n.node.Attr[n.attribute].Name.Local
	}
	return n.node.Data
}

func (n *navigator) Prefix() string {
	n.pay(1, 0)
	if n.attribute >= 0 {
		return n.node.Attr[n.attribute].Name.Space
	}
	return n.node.Prefix
}

func (n *navigator) NamespaceURL() string {
	n.pay(1, 0)
	if n.attribute >= 0 {
		return n.node.Attr[n.attribute].NamespaceURI
	}
	return n.node.NamespaceURI
}

// Value is the text of a node and everything in it.
func (n *navigator) Value() string {
	if n.attribute >= 0 {
		return n.read(n.node.Attr[n.attribute].Value)
	}
	switch n.node.Type {
	case xmlquery.CommentNode, xmlquery.TextNode, xmlquery.CharDataNode:
		return n.read(n.node.Data)
	}
	var text strings.Builder
	n.write(&text, n.node)
	return text.String()
}

// read charges what the library does with a text.
func (n *navigator) read(text string) string {
	n.pay(perMove+len(text)/4, 0)
	return text
}

func (n *navigator) write(text *strings.Builder, node *xmlquery.Node) {
	switch node.Type {
	case xmlquery.CommentNode:
		n.pay(perMove, 0)
	case xmlquery.TextNode, xmlquery.CharDataNode:
		n.pay(perMove+len(node.Data)/4, 2*len(node.Data))
		text.WriteString(node.Data)
	default:
		n.pay(perMove, 0)
		for child := node.FirstChild; child != nil; child = child.NextSibling {
			n.write(text, child)
		}
	}
}

func (n *navigator) Copy() xpath.NodeNavigator {
	n.pay(perMove, 48)
	other := *n
	return &other
}

func (n *navigator) MoveToRoot() {
	n.pay(perMove, 0)
	n.node, n.attribute = n.root, -1
}

func (n *navigator) MoveToParent() bool {
	n.pay(perMove, 0)
	if n.attribute >= 0 {
		n.attribute = -1
		return true
	}
	return n.to(n.node.Parent)
}

func (n *navigator) MoveToNextAttribute() bool {
	n.pay(perMove, 0)
	if n.attribute+1 >= len(n.node.Attr) {
		return false
	}
	n.attribute++
	return true
}

func (n *navigator) MoveToChild() bool {
	n.pay(perMove, 0)
	return n.attribute < 0 && n.to(n.node.FirstChild)
}

func (n *navigator) MoveToFirst() bool {
	n.pay(perMove, 0)
	if n.attribute >= 0 || n.node.PrevSibling == nil {
		return false
	}
	for n.to(n.node.PrevSibling) {
		n.pay(1, 0)
	}
	return true
}

func (n *navigator) MoveToNext() bool {
	return n.sibling(func(node *xmlquery.Node) *xmlquery.Node { return node.NextSibling })
}

func (n *navigator) MoveToPrevious() bool {
	return n.sibling(func(node *xmlquery.Node) *xmlquery.Node { return node.PrevSibling })
}

// sibling moves on past blank texts.
func (n *navigator) sibling(beside func(*xmlquery.Node) *xmlquery.Node) bool {
	n.pay(perMove, 0)
	for n.attribute < 0 && n.to(beside(n.node)) {
		if n.node.Type != xmlquery.TextNode || !n.blank() {
			return true
		}
	}
	return false
}

func (n *navigator) blank() bool {
	n.pay(1+len(n.node.Data)/16, 0)
	return strings.TrimSpace(n.node.Data) == ""
}

func (n *navigator) MoveTo(other xpath.NodeNavigator) bool {
	n.pay(perMove, 0)
	there, ok := other.(*navigator)
	if !ok || there.root != n.root {
		return false
	}
	n.node, n.attribute = there.node, there.attribute
	return true
}

func (n *navigator) to(node *xmlquery.Node) bool {
	if node == nil {
		return false
	}
	n.node = node
	return true
}

func (n *navigator) String() string { return n.Value() }
