package app

import (
	"keydesk/backend"
	"keydesk/backend/call"
)

// Call is the page's door to call: one line an operation.
type Call struct {
	door *Door
	on   backend.CallCalls
}

// TestAll runs call.test_all.
func (d *Call) TestAll(in call.AllInput) (call.AllResult, error) {
	return call(d.door, d.on.TestAll, in)
}

// Test runs call.test.
func (d *Call) Test(in call.TestInput) (call.Detail, error) {
	return call(d.door, d.on.Test, in)
}

// Send runs call.send.
func (d *Call) Send(in call.SendInput) (call.Detail, error) {
	return call(d.door, d.on.Send, in)
}

// Again runs call.again.
func (d *Call) Again(in call.AgainInput) (call.Detail, error) {
	return call(d.door, d.on.Again, in)
}

// List runs call.list.
func (d *Call) List(in call.ListInput) (call.Page, error) {
	return call(d.door, d.on.List, in)
}

// Get runs call.get.
func (d *Call) Get(in call.IDInput) (call.Detail, error) {
	return call(d.door, d.on.Get, in)
}

// Suggest runs call.suggest_rule.
func (d *Call) Suggest(in call.SuggestInput) (verdict.Rule, error) {
	return call(d.door, d.on.Suggest, in)
}
