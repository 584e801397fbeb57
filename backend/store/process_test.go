package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"keydesk/backend/process"
	"keydesk/backend/setup"
)

// processStore opens a store on a new file, with the tree Orders / Delivery /
// Home and a stage on each level.
func processStore(t *testing.T) *Store {
	t.Helper()
	s := New(t.TempDir())
	if err := s.Open(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	inProcessTx(t, s, func(ctx context.Context) error {
		parent := ""
		for i, name := range []string{"Orders", "Delivery", "Home"} {
			id := fmt.Sprintf("p%d", i+1)
			if err := s.InsertNode(ctx, process.Node{ID: id, ParentID: parent, Level: i + 1, Name: name, Code: fold(name), Version: 1}); err != nil {
				return err
			}
			if err := s.InsertStage(ctx, process.Stage{ID: "s" + id, PlaceID: id, Name: "Shipped", Code: "shipped", Position: 1, Version: 1}); err != nil {
				return err
			}
			parent = id
		}
		return nil
	})
	return s
}

func inProcessTx(t *testing.T, s *Store, fn func(ctx context.Context) error) {
	t.Helper()
	if err := s.InTx(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

var _ process.Store = (*Store)(nil)

// What the search bar looks through, and what lists sort on.
func TestSetupKeys(t *testing.T) {
	s := processStore(t)
	ctx := context.Background()
	for _, test := range []struct {
		name, place, stage, auth, channel string
		want                              setupKeys
	}{
		{"exact stage", "p3", "sp3", "oauth2", "whatsapp_business", setupKeys{
			PathKey: "orders\x1fdelivery\x1fhome\x1fshipped", SubKey: "delivery", SubSubKey: "home", StageKey: "shipped",
			Search: "orders\ndelivery\nhome\nshipped\noauth 2.0\nwhatsapp business\nmsg91\nstraße\nhttps://api.example.com/send",
		}},
		{"every stage of a process", "p1", "", "none", "sms", setupKeys{
			PathKey: "orders\x1f\x1f\x1f",
			Search:  "orders\n\n\nevery stage here\nnoauth\nsms\nmsg91\nstraße\nhttps://api.example.com/send",
		}},
		{"sub process", "p2", "sp2", "api_key", "email", setupKeys{
			PathKey: "orders\x1fdelivery\x1f\x1fshipped", SubKey: "delivery", StageKey: "shipped",
			Search: "orders\ndelivery\n\nshipped\napi key\nemail\nmsg91\nstraße\nhttps://api.example.com/send",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			places, err := s.pathNames(ctx, test.place)
			stage := map[string]string{"sp2": "Shipped", "sp3": "Shipped"}[test.stage]
			got := keysOf(places, stage, test.auth, test.channel, "MSG91", "STRAßE", "https://API.example.com/send")
			test.want.ProviderKey = "msg91"
			test.want.Search = strings.ReplaceAll(test.want.Search, "straße", "strasse")
			if err != nil || got != test.want {
				t.Fatalf("got  %q\nwant %q, %v", got, test.want, err)
			}
		})
	}
}

// A10: writes need a transaction, refuse two siblings with the same folded name,
// and refuse a version that is not the present one.
func TestProcessWrites(t *testing.T) {
	s := processStore(t)
	ctx := context.Background()
	if err := s.InsertNode(ctx, process.Node{ID: "x", Level: 1, Name: "X", Code: "x", Version: 1}); !errors.Is(err, errNotInTx) {
		t.Fatalf("a write outside a transaction: %v", err)
	}
	inProcessTx(t, s, func(ctx context.Context) error {
		for name, test := range map[string]struct{ got, want error }{
			"twin place":   {s.InsertNode(ctx, process.Node{ID: "x", Level: 1, Name: "ORDERS", Code: "x", Version: 1}), process.ErrNameTaken},
			"twin stage":   {s.InsertStage(ctx, process.Stage{ID: "x", PlaceID: "p1", Name: "shipped", Code: "x", Version: 1}), process.ErrNameTaken},
			"stale place":  {s.RenameNode(ctx, "p1", "Sales", 2), process.ErrStale},
			"stale stage":  {s.RenameStage(ctx, "sp1", "Sent", 2), process.ErrStale},
			"stale field":  {s.UpdateField(ctx, process.Field{ID: "nobody", Version: 1}), process.ErrStale},
			"absent stage": {s.DeleteStage(ctx, "nobody"), process.ErrStageGone},
			"absent field": {s.DeleteField(ctx, "nobody"), process.ErrFieldGone},
			"absent place": {s.DeleteNode(ctx, "nobody"), process.ErrPlaceGone},
		} {
			if !errors.Is(test.got, test.want) {
				t.Errorf("%s: got %v, want %v", name, test.got, test.want)
			}
		}
		return nil
	})
	places, err := s.Nodes(ctx)
	if err != nil || len(places) != 3 || places[0].Name != "Orders" || places[0].Version != 1 {
		t.Fatalf("places %+v, %v", places, err)
	}
}

// R2: renaming a field keeps members of a document that are unknown here, and does
// not change rows that only look alike.
func TestRenameTaken(t *testing.T) {
	document := `{"new":{"z":1,"a":[1.50,"<&>"]},"request":{"url":"https://x/?a=1&b=<2>","stage_params":[` +
		`{"id":"1","variable":"to","field":"MOBILE","default":"Mobile","extra":null},{"id":"2","variable":"Mobile","field":"Mobile 2","default":""}]}}`
	got, err := renameTaken(document, "Mobile", `Ph"one é`)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"new":{"z":1,"a":[1.50,"<&>"]},"request":{"stage_params":[` +
		`{"default":"Mobile","extra":null,"field":"Ph\"one é","id":"1","variable":"to"},{"default":"","field":"Mobile 2","id":"2","variable":"Mobile"}],"url":"https://x/?a=1&b=<2>"}}`
	if got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
	for _, broken := range []string{"", "{}", "null", `{"request":{"stage_params":[{"field":1}]}}`} {
		if renamed, err := renameTaken(broken, "a", "b"); err == nil {
			t.Errorf("%q became %q", broken, renamed)
		}
	}
}

// With 5,000 setups below, a rename reaches each of them within the time of a
// write, and the tree counts them all.
func TestRenameOverFiveThousandSetups(t *testing.T) {
	s := processStore(t)
	const setups = 5_000
	inProcessTx(t, s, func(ctx context.Context) error {
		for i := range setups {
			one := setup.Setup{ID: fmt.Sprintf("setup-%05d", i), Version: 1}
			one.Draft = setup.Draft{PlaceID: "p3", StageID: "sp3", Channel: setup.SMS, Name: fmt.Sprintf("Number %d", i)}
			if err := s.InsertSetup(ctx, one); err != nil {
				return err
			}
		}
		return nil
	})
	start := time.Now()
	inProcessTx(t, s, func(ctx context.Context) error { return s.RenameNode(ctx, "p1", "Sales", 1) })
	if took := time.Since(start); took > 15*time.Second {
		t.Fatalf("took %v, and a write has 20 s", took)
	}
	var renamed int
	if err := s.one(context.Background(), nil, []any{&renamed}, "SELECT COUNT(*) FROM setup WHERE search LIKE 'sales%' AND search NOT LIKE '%orders%' AND path_key LIKE 'sales%'"); err != nil || renamed != setups {
		t.Fatalf("%d of %d reached, %v", renamed, setups, err)
	}
	counts, err := s.SetupCounts(context.Background())
	if err != nil || counts["p3"] != setups || len(counts) != 1 {
		t.Fatalf("counts %v, %v", counts, err)
	}
}
