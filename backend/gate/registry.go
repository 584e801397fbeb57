package gate

import (
	"reflect"
	"slices"
	"strings"

	"keydesk/backend/access"
)

// Bound is an operation in the registry: how it was declared, and the types of
// its input and answer.
type Bound struct {
	access.Info
	In, Out reflect.Type
	handler any
}

// Registry lists the bound operations by name. What repeats them (the doors'
// methods, the page's table) is generated from it, and the guard tests walk it.
func (g *Gate) Registry() []Bound {
	g.mu.Lock()
	defer g.mu.Unlock()
	list := make([]Bound, 0, len(g.ops))
	for _, bound := range g.ops {
		list = append(list, bound)
	}
	slices.SortFunc(list, func(a, b Bound) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// Ops returns the bound operations without their types.
func (g *Gate) Ops() map[string]access.Info {
	ops := map[string]access.Info{}
	for _, bound := range g.Registry() {
		ops[bound.Name] = bound.Info
	}
	return ops
}

// HandlerOf returns the handler of an operation that was bound. It panics on
// one that was not, as Bind does on one that may not be bound.
func HandlerOf[In, Out any](g *Gate, op access.Op[In, Out]) Handler[In, Out] {
	handler, ok := g.handler(op.Name).(Handler[In, Out])
	if !ok {
		panic("gate: operation " + op.Name + " is not bound")
	}
	return handler
}

func (g *Gate) handler(name string) any {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.ops[name].handler
}
