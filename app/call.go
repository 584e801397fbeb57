package app

import (
	"keydesk/backend"
	firing "keydesk/backend/call" // call is the door's own word here
	"keydesk/backend/verdict"
)

// Call is the page's door to call: one line an operation.
type Call struct {
	door *Door
	on   backend.CallOps
}

// TestAll runs call.test_all.
func (d *Call) TestAll(in firing.AllInput) (firing.AllResult, error) {
	return call(d.door, d.on.TestAll, in)
}

// Check runs call.check.
func (d *Call) Check(in firing.CheckInput) (firing.Checked, error) {
	return call(d.door, d.on.Check, in)
}

// Test runs call.test.
func (d *Call) Test(in firing.TestInput) (firing.Detail, error) {
	return call(d.door, d.on.Test, in)
}

// Send runs call.send.
func (d *Call) Send(in firing.SendInput) (firing.Detail, error) {
	return call(d.door, d.on.Send, in)
}

// Again runs call.again.
func (d *Call) Again(in firing.AgainInput) (firing.Detail, error) {
	return call(d.door, d.on.Again, in)
}

// List runs call.list.
func (d *Call) List(in firing.ListInput) (firing.Page, error) {
	return call(d.door, d.on.List, in)
}

// Get runs call.get.
func (d *Call) Get(in firing.IDInput) (firing.Detail, error) {
	return call(d.door, d.on.Get, in)
}

// SuggestRule runs call.suggest_rule.
func (d *Call) SuggestRule(in firing.SuggestInput) (verdict.Rule, error) {
	return call(d.door, d.on.SuggestRule, in)
}
