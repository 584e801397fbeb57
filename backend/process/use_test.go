package process_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/fault"
	"keydesk/backend/process"
)

func linked(e *fault.Error) []string {
	return names(e.Links, func(l fault.Link) string { return l.Kind + ":" + l.ID + ":" + l.Name })
}

// A09: deleting what a setup uses is refused with links, and changes nothing;
// a deleted setup blocks nothing.
func TestDeleteInUse(t *testing.T) {
	o := newOffice(t)
	orders := o.place("", "Orders")
	delivery := o.place(orders.ID, "Delivery")
	shipped := o.stage(delivery.ID, "Shipped")
	mobile := o.field(shipped.ID, "Mobile")
	spare := o.field(shipped.ID, "Spare")
	o.setup("s1", delivery.ID, shipped.ID, "mobile")
	before := o.tree()
	if before.Places[0].Setups != 1 || before.Places[1].Setups != 1 {
		t.Fatalf("counts %+v", before.Places)
	}

	want := []string{"setup:s1:Orders / Delivery / Shipped, SMS"}
	for name, err := range map[string]error{
		"process":     second(write(o, o.DeletePlace, process.DeleteInput{ID: orders.ID, Version: 1})),
		"sub process": second(write(o, o.DeletePlace, process.DeleteInput{ID: delivery.ID, Version: 1})),
		"stage":       second(write(o, o.DeleteStage, process.DeleteInput{ID: shipped.ID, Version: 1})),
		"field":       second(write(o, o.DeleteField, process.DeleteInput{ID: mobile.ID, Version: 1})),
	} {
		if got := linked(wantFault(t, err, process.ErrInUse, "")); !slices.Equal(got, want) {
			t.Errorf("%s links to %v, want %v", name, got, want)
		}
	}
	if diff := cmp.Diff(before, o.tree()); diff != "" {
		t.Fatal(diff)
	}
	must(o, o.DeleteField, process.DeleteInput{ID: spare.ID, Version: 1})

	o.trash("s1")
	if setups := o.tree().Places[0].Setups; setups != 0 {
		t.Fatalf("%d setups counted, the only one is deleted", setups)
	}
	must(o, o.DeleteField, process.DeleteInput{ID: mobile.ID, Version: 1})
	must(o, o.DeletePlace, process.DeleteInput{ID: orders.ID, Version: 1})
}

// A09: a refusal links to at most 20 setups and still counts them all.
func TestAtMostTwentyLinks(t *testing.T) {
	o := newOffice(t)
	orders := o.place("", "Orders")
	for n := range 23 {
		o.setup(fmt.Sprintf("s%02d", n), orders.ID, o.stage(orders.ID, fmt.Sprintf("Stage %02d", n)).ID)
	}
	refusal := wantFault(t, second(write(o, o.DeletePlace, process.DeleteInput{ID: orders.ID, Version: 1})), process.ErrInUse, "")
	if len(refusal.Links) != 20 || refusal.Message != "“Orders” is used by 23 setups, so it was not deleted." {
		t.Fatalf("%d links: %s", len(refusal.Links), refusal.Message)
	}
}

// R2, A09: a setup for every stage uses a field of a stage below only while no
// other stage in its reach supplies one of that name.
func TestEveryStageSetupUsesFieldsBelow(t *testing.T) {
	o := newOffice(t)
	orders := o.place("", "Orders")
	delivery := o.place(orders.ID, "Delivery")
	pickup := o.place(orders.ID, "Pick-up")
	shipped, ready := o.stage(delivery.ID, "Shipped"), o.stage(pickup.ID, "Ready")
	inShipped, inReady := o.field(shipped.ID, "Mobile"), o.field(ready.ID, "MOBILE")
	o.setup("whole", orders.ID, "", "Mobile")

	// Ready still supplies it, so Shipped may lose its own.
	must(o, o.DeleteField, process.DeleteInput{ID: inShipped.ID, Version: 1})
	want := []string{"setup:whole:Orders / Every stage here, SMS"}
	for name, err := range map[string]error{
		"field": second(write(o, o.DeleteField, process.DeleteInput{ID: inReady.ID, Version: 1})),
		"stage": second(write(o, o.DeleteStage, process.DeleteInput{ID: ready.ID, Version: 1})),
		"place": second(write(o, o.DeletePlace, process.DeleteInput{ID: pickup.ID, Version: 1})),
	} {
		if got := linked(wantFault(t, err, process.ErrInUse, "")); !slices.Equal(got, want) {
			t.Errorf("%s links to %v, want %v", name, got, want)
		}
	}
	// A branch that supplies nothing to it can be deleted.
	must(o, o.DeletePlace, process.DeleteInput{ID: delivery.ID, Version: 1})
}

// A09; RULES.md, Processes: a rename reaches every setup beneath, deleted ones
// too; the old name finds nothing any more.
func TestRenameReachesSetups(t *testing.T) {
	o := newOffice(t)
	orders := o.place("", "Orders")
	delivery := o.place(orders.ID, "Delivery")
	home := o.place(delivery.ID, "Home")
	shipped := o.stage(home.ID, "Shipped")
	o.setup("deep", home.ID, shipped.ID)
	o.setup("whole", orders.ID, "")
	o.setup("gone", home.ID, "")
	o.setup("other", o.place("", "Billing").ID, "")
	o.trash("gone")

	for _, term := range []string{"orders", "basic auth", "SMS", "sms.example.com/<send>", "ORDERS deliv"} {
		if !slices.Contains(o.found(term), "deep") {
			t.Errorf("%q does not find it", term)
		}
	}
	if got := o.found("every stage"); !slices.Equal(got, []string{"other", "whole"}) {
		t.Errorf("every stage finds %v", got)
	}
	must(o, o.RenamePlace, process.RenameInput{ID: orders.ID, Name: "Bestellungen Ä", Version: 1})
	must(o, o.RenamePlace, process.RenameInput{ID: delivery.ID, Name: "Versand", Version: 1})
	must(o, o.RenamePlace, process.RenameInput{ID: home.ID, Name: "Haustür", Version: 1})
	must(o, o.RenameStage, process.RenameInput{ID: shipped.ID, Name: "Verschickt", Version: 1})
	for _, old := range []string{"orders", "delivery", "home", "shipped"} {
		if got := o.found(old); len(got) != 0 {
			t.Errorf("the old name %q still finds %v", old, got)
		}
	}
	if got := o.found("bestellungen ä"); !slices.Equal(got, []string{"whole", "deep"}) {
		t.Errorf("found %v", got)
	}
	for _, term := range []string{"VERSAND", "haustür", "verschickt"} {
		if got := o.found(term); !slices.Equal(got, []string{"deep"}) {
			t.Errorf("%q finds %v", term, got)
		}
	}
	if tree := o.tree(); tree.Places[0].Setups+tree.Places[1].Setups != 3 {
		t.Errorf("counts %+v", tree.Places)
	}
	if n := o.countWhere("id = 'gone' AND search LIKE '%haustür%' AND path_key = 'bestellungen ä' || char(31) || 'versand' || char(31) || 'haustür' || char(31)"); n != 1 {
		t.Error("a deleted setup kept its old keys")
	}
	if n := o.countWhere("id = 'deep' AND stage_key = 'verschickt' AND sub_process_key = 'versand' AND sub_sub_process_key = 'haustür' AND version = 7"); n != 1 {
		t.Error("the keys are not up to date, or the version changed")
	}
}

// R2: a renamed field is renamed in the rows that take it, and only there.
func TestRenameFieldInRows(t *testing.T) {
	o := newOffice(t)
	orders := o.place("", "Orders")
	shipped, ready := o.stage(orders.ID, "Shipped"), o.stage(orders.ID, "Ready")
	mobile := o.field(shipped.ID, "Mobile")
	date := o.field(shipped.ID, "Due date")
	o.field(ready.ID, "Mobile")
	o.setup("exact", orders.ID, shipped.ID, "MOBILE", "Due date")
	o.setup("sibling", orders.ID, ready.ID, "Mobile")
	o.setup("whole", orders.ID, "", "Mobile", "Due date")
	_, before := o.rowFields("exact")

	must(o, o.UpdateField, process.UpdateFieldInput{ID: mobile.ID, Version: 1, Name: "Phone \"<&>\" é", Type: process.Phone})
	must(o, o.UpdateField, process.UpdateFieldInput{ID: date.ID, Version: 1, Name: "Due", Type: process.Date})
	for id, want := range map[string][]string{
		"exact":   {"Phone \"<&>\" é", "Due"},
		"sibling": {"Mobile"},
		// Ready still has a Mobile, which this row continues to take.
		"whole": {"Mobile", "Due"},
	} {
		if got, _ := o.rowFields(id); !slices.Equal(got, want) {
			t.Errorf("%s takes %q, want %q", id, got, want)
		}
	}
	_, after := o.rowFields("exact")
	for i := range before.Draft.Request.StageParams {
		before.Draft.Request.StageParams[i].Field = after.Draft.Request.StageParams[i].Field
	}
	if diff := cmp.Diff(fmt.Sprintf("%+v", before), fmt.Sprintf("%+v", after)); diff != "" {
		t.Fatal("something else of the setup changed", diff)
	}
}
