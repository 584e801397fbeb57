package process_test

import (
	"context"
	"testing"

	"keydesk/backend/fault"
	"keydesk/backend/process"
)

// An address is read by codes or names in any case and composition, level by
// level; a code wins over a name.
func TestLocate(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	orders := o.place("", "Orders")
	home := o.place(orders.ID, "Home delivery")
	strasse := o.place(home.ID, "Größe Straße")
	shipped, paid := o.stage(strasse.ID, "Shipped"), o.stage(strasse.ID, "Paid")
	other := o.place("", "Invoices")
	o.stage(other.ID, "Shipped")

	// After these renames the code "orders" belongs to Sales and the name
	// Orders to Invoices; the same for the stages.
	must(o, o.RenamePlace, process.RenameInput{ID: orders.ID, Name: "Sales", Version: 1})
	must(o, o.RenamePlace, process.RenameInput{ID: other.ID, Name: "Orders", Version: 1})
	must(o, o.RenameStage, process.RenameInput{ID: shipped.ID, Name: "Sent", Version: 1})
	must(o, o.RenameStage, process.RenameInput{ID: paid.ID, Name: "Shipped", Version: 1})

	for _, c := range []struct {
		at           process.Address
		place, stage string
	}{
		{process.Address{Path: []string{"orders"}}, orders.ID, ""},
		{process.Address{Path: []string{"ORDERS"}}, orders.ID, ""},
		{process.Address{Path: []string{"sales"}}, orders.ID, ""},
		{process.Address{Path: []string{"invoices"}}, other.ID, ""},
		{process.Address{Path: []string{"orders", "home_delivery"}}, home.ID, ""},
		{process.Address{Path: []string{"Sales", "HOME delivery"}}, home.ID, ""},
		{process.Address{Path: []string{"orders", "home_delivery", "GRÖSSE STRASSE"}}, strasse.ID, ""},
		{process.Address{Path: []string{"orders", "home_delivery", "Gro\u0308ße Straße"}, Stage: "shipped"}, strasse.ID, shipped.ID},
		{process.Address{Path: []string{"orders", "home_delivery", strasse.Code}, Stage: "Sent"}, strasse.ID, shipped.ID},
		{process.Address{Path: []string{"orders", "home_delivery", strasse.Code}, Stage: "paid"}, strasse.ID, paid.ID},
	} {
		place, stage, err := o.Locate(ctx, c.at)
		if err != nil || place != c.place || stage != c.stage {
			t.Errorf("%v leads to %s and %s, %v; want %s and %s", c.at, place, stage, err, c.place, c.stage)
		}
	}
	for _, c := range []struct {
		at   process.Address
		want *fault.Error
		says string
	}{
		{process.Address{}, process.ErrUnknownPlace, "Name a process."},
		{process.Address{Path: []string{""}}, process.ErrUnknownPlace, "There is no process called “” here."},
		{process.Address{Path: []string{"home_delivery"}}, process.ErrUnknownPlace, "There is no process called “home_delivery” here."},
		{process.Address{Path: []string{"orders", "nowhere"}}, process.ErrUnknownPlace, "There is no process called “nowhere” here."},
		{process.Address{Path: []string{"orders", "home_delivery", strasse.Code, "deeper"}}, process.ErrUnknownPlace, "There is no process called “deeper” here."},
		{process.Address{Path: []string{orders.ID}}, process.ErrUnknownPlace, "There is no process called “" + orders.ID + "” here."},
		{process.Address{Path: []string{"orders"}, Stage: "shipped"}, process.ErrUnknownStage, "There is no stage called “shipped” here."},
	} {
		_, _, err := o.Locate(ctx, c.at)
		if f := wantFault(t, err, c.want, ""); f.Message != c.says || f.Hint == "" {
			t.Errorf("%v: %q, %q", c.at, f.Message, f.Hint)
		}
	}
	// An address that is a level short says what the next level is.
	_, _, err := o.Locate(ctx, process.Address{Path: []string{"orders"}, Stage: "shipped"})
	if f := wantFault(t, err, process.ErrUnknownStage, ""); f.Hint != "At Sales there is no stage. Below it there are, by code: home_delivery." {
		t.Error(f.Hint)
	}
}
