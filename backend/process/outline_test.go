package process_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/process"
)

func outline(place []string, stage string, fields ...string) process.OutlineNode {
	one := process.OutlineNode{Place: place}
	if stage != "" {
		one.Stages = []process.OutlineStage{{Name: stage}}
		for _, name := range fields {
			one.Stages[0].Fields = append(one.Stages[0].Fields, process.OutlineField{Name: name, Type: process.Text})
		}
	}
	return one
}

// RULES.md, Import and export: a tree from another office is found by names, in
// any case, and what is there stays as it is; only what is missing is made, at
// the end.
func TestGrowthAddsWhatIsMissing(t *testing.T) {
	o := newOffice(t)
	orders := o.place("", "Orders")
	shipped := o.stage(orders.ID, "Shipped")
	mobile := o.field(shipped.ID, "Mobile")
	g, err := o.Growth(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	wanted := []process.OutlineNode{
		outline([]string{"ORDERS"}, "shipped", "MOBILE", "Name"),
		outline([]string{"orders", "Delivery", "Home"}, "Ready", "Mobile"),
	}
	lacks := [][]process.Lack{}
	for _, one := range wanted {
		lacks = append(lacks, g.Lacks(one))
	}
	if diff := cmp.Diff([][]process.Lack{
		{{What: "Stage Field", Path: "ORDERS / shipped / Name"}},
		{{What: "Sub Process", Path: "orders / Delivery"}, {What: "Sub Sub Process", Path: "orders / Delivery / Home"},
			{What: "Stage", Path: "orders / Delivery / Home / Ready"}, {What: "Stage Field", Path: "orders / Delivery / Home / Ready / Mobile"}},
	}, lacks); diff != "" {
		t.Fatal(diff)
	}
	for _, one := range wanted {
		g.Add(one)
		g.Add(one) // twice is once
		if left := g.Lacks(one); len(left) != 0 {
			t.Errorf("still lacks %v", left)
		}
	}
	if o.count("place") != 1 || o.count("stage_field") != 1 {
		t.Fatal("a plan wrote something")
	}
	grow := func(ctx context.Context, g *process.Growth) (process.Imported, error) {
		return o.Grow(ctx, g, "A file")
	}
	if made := must(o, grow, g); made != (process.Imported{Places: 2, Stages: 1, Fields: 2}) {
		t.Errorf("made %+v", made)
	}
	all := o.everything()
	if fields := all[1].Fields; len(fields) != 2 || fields[0] != mobile || fields[1].Name != "Name" || fields[1].Position != 2 {
		t.Errorf("the fields are %+v", fields)
	}
	place, stage, found := g.Find([]string{"Orders", "delivery", "home"}, "ready")
	if got, err := o.Path(context.Background(), place.ID); err != nil || !found || len(got) != 3 || stage.PlaceID != place.ID {
		t.Errorf("found %v %v %v %v", place, stage, found, err)
	}
}

// A file refers to places by name. In a file, an old name that is still the
// code of a renamed place means another place.
func TestGrowthNeverGoesByCode(t *testing.T) {
	o := newOffice(t)
	renamed := o.place("", "orders")
	must(o, o.RenamePlace, process.RenameInput{ID: renamed.ID, Name: "Sales", Version: 1})
	second := o.place("", "Orders")
	g, err := o.Growth(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if found, _, there := g.Find([]string{"orders"}, ""); !there || found.ID != second.ID {
		t.Errorf("found %+v", found)
	}
}
