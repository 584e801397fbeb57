package process_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/cases"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/process"
)

var errInvalid = fault.New(fault.Invalid, "process.invalid", "")

func names[T any](list []T, name func(T) string) []string {
	all := []string{}
	for _, one := range list {
		all = append(all, name(one))
	}
	return all
}

func placeNames(list []process.Node) []string {
	return names(list, func(p process.Node) string { return p.Name })
}
func stageNames(list []process.Stage) []string {
	return names(list, func(s process.Stage) string { return s.Name })
}
func fieldNames(list []process.Field) []string {
	return names(list, func(f process.Field) string { return f.Name })
}

// A08, A09: the five master records are made, read, renamed and deleted.
func TestCreateRenameDeleteOfEveryRecord(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	process1 := o.place("", "  Orders ")
	sub := o.place(process1.ID, "Delivery")
	subSub := o.place(sub.ID, "Home delivery")
	stage := o.stage(subSub.ID, "Shipped")
	field := must(o, o.CreateField, process.CreateFieldInput{StageID: stage.ID, Name: "Mobile", Type: process.Phone, Required: true, Sample: "+919812345678"})
	if process1.Name != "Orders" || subSub.Code != "home_delivery" || subSub.Level != 3 || stage.Code != "shipped" || field.Code != "mobile" {
		t.Fatalf("made %+v %+v %+v %+v", process1, subSub, stage, field)
	}
	path, err := o.Path(ctx, subSub.ID)
	if err != nil || !slices.Equal(placeNames(path), []string{"Orders", "Delivery", "Home delivery"}) {
		t.Fatalf("path %v, %v", path, err)
	}

	for _, one := range []process.Node{process1, sub, subSub} {
		renamed := must(o, o.RenamePlace, process.RenameInput{ID: one.ID, Name: "New " + one.Name, Version: 1})
		if renamed.Code != one.Code || renamed.Version != 2 {
			t.Fatalf("renamed %+v, the code has to stay", renamed)
		}
	}
	renamed := must(o, o.RenameStage, process.RenameInput{ID: stage.ID, Name: "Sent", Version: 1})
	if renamed.Code != "shipped" || renamed.Name != "Sent" {
		t.Fatalf("renamed %+v, the code has to stay", renamed)
	}
	changed := must(o, o.UpdateField, process.UpdateFieldInput{ID: field.ID, Version: 1, Name: "Phone", Type: process.Text, Sample: "x"})
	if changed.Code != "mobile" || changed.Version != 2 || changed.Required {
		t.Fatalf("changed %+v, the code has to stay", changed)
	}
	stages, err := o.Stages(ctx, process.StagesInput{PlaceID: subSub.ID})
	if err != nil {
		t.Fatal(err)
	}
	renamed.Fields = []process.Field{changed}
	if diff := cmp.Diff([]process.Stage{renamed}, stages); diff != "" {
		t.Fatal(diff)
	}

	must(o, o.DeleteField, process.DeleteInput{ID: field.ID, Version: 2})
	must(o, o.DeleteStage, process.DeleteInput{ID: stage.ID, Version: 2})
	for _, one := range []process.Node{subSub, sub, process1} {
		must(o, o.DeletePlace, process.DeleteInput{ID: one.ID, Version: 2})
	}
	if tree := o.tree(); len(tree.Places) != 0 || len(tree.Stages) != 0 || tree.Places == nil || tree.Stages == nil {
		t.Fatalf("left: %+v", tree)
	}
}

// A09, A24: what breaks a rule is refused at its place and changes nothing.
func TestRefusals(t *testing.T) {
	o := newOffice(t)
	orders := o.place("", "Straße")
	sub := o.place(orders.ID, "Delivery")
	deep := o.place(sub.ID, "Home")
	other := o.place("", "Other")
	stage := o.stage(deep.ID, "Shipped")
	o.stage(deep.ID, "Placed")
	field := o.field(stage.ID, "Mobile")
	o.field(stage.ID, "E-mail")
	before := o.tree()

	create := func(parent, name string) error {
		_, err := write(o, o.CreatePlace, process.CreatePlaceInput{ParentID: parent, Name: name})
		return err
	}
	newStage := func(place, name string) error {
		_, err := write(o, o.CreateStage, process.CreateStageInput{PlaceID: place, Name: name})
		return err
	}
	newField := func(in process.CreateFieldInput) error {
		_, err := write(o, o.CreateField, in)
		return err
	}
	rename := func(id, name string, version int) error {
		_, err := write(o, o.RenamePlace, process.RenameInput{ID: id, Name: name, Version: version})
		return err
	}
	for name, test := range map[string]struct {
		err   error
		want  *fault.Error
		field string
	}{
		"folded twin":          {create("", "STRASSE"), process.ErrNameTaken, "name"},
		"rename to a twin":     {rename(other.ID, "strasse", 1), process.ErrNameTaken, "name"},
		"stage twin":           {newStage(deep.ID, "SHIPPED"), process.ErrNameTaken, "name"},
		"field twin":           {newField(process.CreateFieldInput{StageID: stage.ID, Name: "MOBILE", Type: process.Text}), process.ErrNameTaken, "name"},
		"10,000 characters":    {create("", strings.Repeat("x", 10_000)), errInvalid, "name"},
		"101 characters":       {create("", strings.Repeat("é", 101)), errInvalid, "name"},
		"blank":                {create("", " \u00a0 "), errInvalid, "name"},
		"invisible":            {create("", "\u200d\u200b"), errInvalid, "name"},
		"line break":           {create("", "a\nb"), errInvalid, "name"},
		"not UTF-8":            {create("", "a\xff"), errInvalid, "name"},
		"fourth level":         {create(deep.ID, "Deeper"), process.ErrTooDeep, "parent_id"},
		"no such parent":       {create("nobody", "Lost"), process.ErrPlaceGone, "parent_id"},
		"stage at no place":    {newStage("nobody", "Lost"), process.ErrPlaceGone, ""},
		"field at no stage":    {newField(process.CreateFieldInput{StageID: "nobody", Name: "Lost", Type: process.Text}), process.ErrStageGone, ""},
		"unknown type":         {newField(process.CreateFieldInput{StageID: stage.ID, Name: "Odd", Type: "blob"}), errInvalid, "type"},
		"number sample":        {newField(process.CreateFieldInput{StageID: stage.ID, Name: "N", Type: process.Number, Sample: "1,5"}), errInvalid, "sample"},
		"date sample":          {newField(process.CreateFieldInput{StageID: stage.ID, Name: "D", Type: process.Date, Sample: "31.12.2026"}), errInvalid, "sample"},
		"impossible date":      {newField(process.CreateFieldInput{StageID: stage.ID, Name: "D", Type: process.Date, Sample: "2026-02-30"}), errInvalid, "sample"},
		"phone sample":         {newField(process.CreateFieldInput{StageID: stage.ID, Name: "P", Type: process.Phone, Sample: "call me"}), errInvalid, "sample"},
		"stale place":          {rename(other.ID, "Others", 9), process.ErrStale, ""},
		"stale delete":         {second(write(o, o.DeletePlace, process.DeleteInput{ID: other.ID, Version: 9})), process.ErrStale, ""},
		"stale stage":          {second(write(o, o.RenameStage, process.RenameInput{ID: stage.ID, Name: "Sent", Version: 9})), process.ErrStale, ""},
		"stale field":          {second(write(o, o.UpdateField, process.UpdateFieldInput{ID: field.ID, Version: 9, Name: "Phone", Type: process.Text})), process.ErrStale, ""},
		"stale stage delete":   {second(write(o, o.DeleteStage, process.DeleteInput{ID: stage.ID, Version: 9})), process.ErrStale, ""},
		"stale field delete":   {second(write(o, o.DeleteField, process.DeleteInput{ID: field.ID, Version: 9})), process.ErrStale, ""},
		"field renamed a twin": {second(write(o, o.UpdateField, process.UpdateFieldInput{ID: field.ID, Version: 1, Name: "e-MAIL", Type: process.Text})), process.ErrNameTaken, "name"},
		"first moves up":       {second(write(o, o.MoveStage, process.MoveInput{ID: stage.ID, Direction: process.Up})), process.ErrAtEdge, ""},
		"first field moves up": {second(write(o, o.MoveField, process.MoveInput{ID: field.ID, Direction: process.Up})), process.ErrAtEdge, ""},
		"foreign stage":        {second(o.Fields(context.Background(), other.ID, stage.ID)), process.ErrOtherBranch, "stage_id"},
	} {
		t.Run(name, func(t *testing.T) { wantFault(t, test.err, test.want, test.field) })
	}
	if diff := cmp.Diff(before, o.tree()); diff != "" {
		t.Fatal("a refusal changed something", diff)
	}
}

func second[T any](_ T, err error) error { return err }

// A08: right-to-left and emoji names are fine, the same name may be in
// different branches, and codes stay distinct among siblings.
func TestNamesAndCodes(t *testing.T) {
	o := newOffice(t)
	for _, test := range []struct{ name, code string }{
		{"Über-Größe  2", "uber_gro_e_2"},
		{"uber gro e 2", "uber_gro_e_2_2"},
		{"طلبات", "place"},
		{"👩‍👩‍👧 Family", "family"},
		{"订单", "place_2"},
		{strings.Repeat("ü", 100), strings.Repeat("u", 60)},
		{"__x__", "x"},
	} {
		made := o.place("", test.name)
		if made.Code != test.code || made.Name != test.name {
			t.Errorf("%q became %q with code %q, want code %q", test.name, made.Name, made.Code, test.code)
		}
		o.stage(made.ID, "Same name everywhere")
	}
	// A renamed place keeps its code, so a new one with the old name gets
	// another.
	first := o.place("", "Orders")
	must(o, o.RenamePlace, process.RenameInput{ID: first.ID, Name: "Sales", Version: 1})
	if again := o.place("", "Orders"); again.Code != "orders_2" {
		t.Fatalf("code %q, want orders_2", again.Code)
	}
}

// A10: the tree lists parents before children and siblings by folded name; a
// place cannot exist without its parent, and is deleted with everything beneath
// it.
func TestTreeOrderForeignKeysAndCascade(t *testing.T) {
	o := newOffice(t)
	zebra := o.place("", "zebra")
	apple := o.place("", "Äpple")
	bear := o.place("", "Bear")
	b2 := o.place(bear.ID, "b")
	a2 := o.place(bear.ID, "A")
	deep := o.place(a2.ID, "deep")
	if got, want := placeNames(o.tree().Places), []string{"Bear", "A", "deep", "b", "zebra", "Äpple"}; !slices.Equal(got, want) {
		t.Fatalf("tree %v, want %v", got, want)
	}
	for _, broken := range []string{
		"INSERT INTO place VALUES ('x', 'nobody', 2, 'x', 'x', 'x', 1)",
		"INSERT INTO place VALUES ('x', NULL, 4, 'x', 'x', 'x', 1)",
		"INSERT INTO stage VALUES ('x', 'nobody', 'x', 'x', 'x', 1, 1)",
		"INSERT INTO stage_field VALUES ('x', 'nobody', 'x', 'x', 'x', 'text', 0, '', 1, 1)",
		"DELETE FROM place WHERE id = '" + bear.ID + "'",
	} {
		if err := o.raw(broken); err == nil {
			t.Errorf("the database took %q", broken)
		}
	}
	for _, place := range []process.Node{zebra, apple, bear, b2, deep} {
		stage := o.stage(place.ID, "Stage")
		o.field(stage.ID, "One")
		o.field(stage.ID, "Two")
	}
	gone := must(o, o.DeletePlace, process.DeleteInput{ID: bear.ID, Version: 1})
	if want := (process.Deleted{Places: 4, Stages: 3, Fields: 6}); gone != want {
		t.Fatalf("went %+v, want %+v", gone, want)
	}
	if o.count("place") != 2 || o.count("stage") != 2 || o.count("stage_field") != 4 {
		t.Fatal("something else was deleted, or something beneath it stayed")
	}
}

// A11: stages keep the order they were made in, move one step at a time, and a
// rename or deletion moves none of them. A12: so do fields.
func TestOrderIsStable(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	place := o.place("", "Orders")
	var stages []process.Stage
	for _, name := range []string{"Zeta", "Alpha", "Mid", "Beta"} {
		stages = append(stages, o.stage(place.ID, name))
	}
	read := func() []string {
		list, err := o.Stages(ctx, process.StagesInput{PlaceID: place.ID})
		if err != nil {
			t.Fatal(err)
		}
		return stageNames(list)
	}
	moved := must(o, o.MoveStage, process.MoveInput{ID: stages[2].ID, Direction: process.Up})
	if want := []string{"Zeta", "Mid", "Alpha", "Beta"}; !slices.Equal(read(), want) || !slices.Equal(stageNames(moved), want) {
		t.Fatalf("order %v, answered %v", read(), stageNames(moved))
	}
	must(o, o.DeleteStage, process.DeleteInput{ID: stages[0].ID, Version: 1})
	must(o, o.MoveStage, process.MoveInput{ID: stages[2].ID, Direction: process.Down})
	// A move changed nothing that a rename could overwrite: version 1 still holds.
	must(o, o.RenameStage, process.RenameInput{ID: stages[2].ID, Name: "Middle", Version: 1})
	o.stage(place.ID, "Last")
	if want := []string{"Alpha", "Middle", "Beta", "Last"}; !slices.Equal(read(), want) {
		t.Fatalf("order %v, want %v", read(), want)
	}

	a, b := o.field(stages[1].ID, "A"), o.field(stages[1].ID, "B")
	fields := must(o, o.MoveField, process.MoveInput{ID: b.ID, Direction: process.Up})
	kept, err := o.FieldsAt(ctx, process.FieldsInput{PlaceID: place.ID, StageID: stages[1].ID})
	if err != nil || !slices.Equal(fieldNames(fields), []string{"B", "A"}) || !slices.Equal(fieldNames(kept), []string{"B", "A"}) {
		t.Fatalf("fields %v, kept %v, %v", fieldNames(fields), fieldNames(kept), err)
	}
	must(o, o.DeleteField, process.DeleteInput{ID: a.ID, Version: 1})
}

// A12, R2: on random trees the fields of a stage are its own, and those of
// every stage here are the union at and below it, as a slow search of the whole
// tree finds it.
func TestFieldsEqualSlowReference(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 8))
	pool := []string{"Mobile", "MOBILE", "mobile", "E-mail", "Straße", "STRASSE", "Due date", "Amount"}
	for range 8 {
		o := newOffice(t)
		ctx := context.Background()
		all := []process.Node{}
		for n := range 12 {
			parent := ""
			if len(all) > 0 && random.IntN(4) > 0 {
				if p := all[random.IntN(len(all))]; p.Level < 3 {
					parent = p.ID
				}
			}
			all = append(all, o.place(parent, fmt.Sprintf("%c%d", 'a'+random.IntN(26), n)))
		}
		for _, place := range all {
			for n := range random.IntN(3) {
				stage := o.stage(place.ID, fmt.Sprintf("S%d", n))
				seen := map[string]bool{}
				for range random.IntN(4) {
					name := pool[random.IntN(len(pool))]
					if key := cases.Fold().String(name); !seen[key] {
						seen[key] = true
						o.field(stage.ID, name)
					}
				}
			}
		}
		tree := o.tree()
		for _, place := range tree.Places {
			want := []process.Field{}
			seen := map[string]bool{}
			for _, at := range tree.Places {
				path, err := o.Path(ctx, at.ID)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.ContainsFunc(path, func(p process.Node) bool { return p.ID == place.ID }) {
					continue
				}
				stages, err := o.Stages(ctx, process.StagesInput{PlaceID: at.ID})
				if err != nil {
					t.Fatal(err)
				}
				for _, stage := range stages {
					own, err := o.Fields(ctx, at.ID, stage.ID)
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(stage.Fields, own); diff != "" {
						t.Fatal("a stage's fields are not its own", diff)
					}
					for _, field := range stage.Fields {
						if key := cases.Fold().String(field.Name); !seen[key] {
							seen[key] = true
							want = append(want, field)
						}
					}
				}
			}
			got, err := o.Fields(ctx, place.ID, "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("fields at %s: %s", place.Name, diff)
			}
		}
	}
}

// RULES.md, Organisation and first run: a starter tree has processes, stages
// and fields that can be used at once, and no keys; making it twice adds
// nothing.
func TestStarter(t *testing.T) {
	for _, name := range []string{"orders", "appointments", "invoices"} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			create := func(ctx context.Context, name string) (struct{}, error) {
				return struct{}{}, o.CreateStarter(ctx, name)
			}
			must(o, create, name)
			tree := o.tree()
			if !strings.EqualFold(tree.Places[0].Name, name) || len(tree.Stages) < 8 || o.count("setup")+o.count("secret") != 0 {
				t.Fatalf("created %v", placeNames(tree.Places))
			}
			if !slices.ContainsFunc(tree.Places, func(p process.Node) bool { return p.Level == 3 }) {
				t.Fatal("no place of the third level")
			}
			for _, stage := range tree.Stages {
				fields, err := o.Fields(context.Background(), stage.PlaceID, stage.ID)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Contains(fieldNames(fields), "Mobile") {
					t.Errorf("%s has no Mobile", stage.Name)
				}
				for _, field := range fields {
					// Every sample passes the rules of the form.
					must(o, o.UpdateField, process.UpdateFieldInput{ID: field.ID, Version: 1, Name: field.Name, Type: field.Type, Required: field.Required, Sample: field.Sample})
					if field.Sample == "" {
						t.Errorf("%s / %s has no sample", stage.Name, field.Name)
					}
				}
			}
			wantFault(t, second(write(o, create, name)), process.ErrStarterThere, "")
			wantFault(t, second(write(o, create, "jokes")), process.ErrNoStarter, "")
		})
	}
}

// A14 to A18: which right each operation needs (RULES.md, Users and roles).
func TestOperationsNameTheirPermissions(t *testing.T) {
	reading := []access.Permission{access.ViewProcess, access.ViewSetup, access.CreateSetup, access.EditSetup}
	for _, test := range []struct {
		op         access.Info
		mode       access.Mode
		needs, any []access.Permission
	}{
		{access.Info(process.OpTree), access.Read, nil, reading},
		{access.Info(process.OpStages), access.Read, nil, reading},
		{access.Info(process.OpFieldsAt), access.Read, nil, reading},
		{access.Info(process.OpCreatePlace), access.Write, []access.Permission{access.CreateProcess}, nil},
		{access.Info(process.OpCreateStage), access.Write, []access.Permission{access.CreateProcess}, nil},
		{access.Info(process.OpCreateField), access.Write, []access.Permission{access.CreateProcess}, nil},
		{access.Info(process.OpRenamePlace), access.Write, []access.Permission{access.EditProcess}, nil},
		{access.Info(process.OpRenameStage), access.Write, []access.Permission{access.EditProcess}, nil},
		{access.Info(process.OpMoveStage), access.Write, []access.Permission{access.EditProcess}, nil},
		{access.Info(process.OpUpdateField), access.Write, []access.Permission{access.EditProcess}, nil},
		{access.Info(process.OpMoveField), access.Write, []access.Permission{access.EditProcess}, nil},
		{access.Info(process.OpDeletePlace), access.Write, []access.Permission{access.DeleteProcess}, nil},
		{access.Info(process.OpDeleteStage), access.Write, []access.Permission{access.DeleteProcess}, nil},
		{access.Info(process.OpDeleteField), access.Write, []access.Permission{access.DeleteProcess}, nil},
		{access.Info(process.OpExportCsv), access.Read, []access.Permission{access.ExportData, access.ViewProcess}, nil},
		{access.Info(process.OpPreviewImport), access.Read, []access.Permission{access.ImportData}, nil},
		{access.Info(process.OpImportCsv), access.Write, []access.Permission{access.ImportData, access.CreateProcess}, nil},
	} {
		if test.op.Mode != test.mode || !slices.Equal(test.op.Needs, test.needs) || !slices.Equal(test.op.Any, test.any) || test.op.Public {
			t.Errorf("%s: %+v", test.op.Name, test.op)
		}
	}
}
