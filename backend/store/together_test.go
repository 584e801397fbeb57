package store

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"keydesk/backend/call"
	"keydesk/backend/setup"
	"keydesk/backend/vault"
)

// Reading many at once gives the same as reading them one by one: each of them
// once, however many there are, and nothing for an id that does not exist.
func TestReadTogether(t *testing.T) {
	s := processStore(t)
	ids := []string{"nobody"}
	inProcessTx(t, s, func(ctx context.Context) error {
		for i := range 2*inOneRead + 3 {
			id := fmt.Sprintf("setup-%03d", i)
			ids = append(ids, id)
			one := setup.Setup{ID: id, Version: 1, Places: []string{"Orders"}, ProviderName: "Twilio SMS",
				Draft: setup.Draft{PlaceID: "p1", Channel: setup.Channel(fmt.Sprint("c", i)), Enabled: i%3 > 0, Name: fmt.Sprint("Setup ", i)}}
			if err := s.InsertSetup(ctx, one); err != nil {
				return err
			}
			row := vault.Row{OwnerKind: "setup", OwnerID: id, Slot: "auth.token", Version: 1, Sealed: []byte(id)}
			if err := s.PutSecret(ctx, row); err != nil {
				return err
			}
		}
		return s.SetSetupDeleted(ctx, "setup-005", 9)
	})
	for _, count := range []int{0, 1, 2, inOneRead, inOneRead + 1, len(ids)} {
		asked := ids[:count]
		found, err := s.SetupsByID(t.Context(), asked)
		if err != nil || len(found) != max(0, count-1) {
			t.Fatalf("%d of %d setups, %v", len(found), count, err)
		}
		for _, one := range found {
			alone, err := s.Setup(t.Context(), one.ID)
			if err != nil || fmt.Sprint(alone) != fmt.Sprint(one) {
				t.Errorf("together %+v\nalone %+v, %v", one, alone, err)
			}
		}
		rows, err := s.SecretsOf(t.Context(), "setup", asked)
		if err != nil || len(rows) != max(0, count-1) {
			t.Fatalf("%d secrets of %d, %v", len(rows), count, err)
		}
		for _, row := range rows {
			if string(row.Sealed) != row.OwnerID {
				t.Errorf("%s has the secret of %s", row.OwnerID, row.Sealed)
			}
		}
	}
	if rows, err := s.SecretsOf(t.Context(), "office", ids); err != nil || len(rows) != 0 {
		t.Errorf("another kind has %v, %v", rows, err)
	}
}

// The ids of a whole list are those of its pages, in their order.
func TestSetupIDs(t *testing.T) {
	s := processStore(t)
	inProcessTx(t, s, func(ctx context.Context) error {
		for i := range 20 {
			one := setup.Setup{ID: fmt.Sprintf("setup-%03d", 97*i%20), Version: 1, Places: []string{fmt.Sprint("Process ", i%4)},
				Draft: setup.Draft{PlaceID: "p1", Channel: setup.Channel(fmt.Sprint("c", i)), Enabled: i%3 > 0}}
			if err := s.InsertSetup(ctx, one); err != nil {
				return err
			}
		}
		return s.SetSetupDeleted(ctx, "setup-005", 9)
	})
	for _, in := range []setup.ListInput{{}, {Descending: true}, {Sort: "channel"}, {EnabledOnly: true}, {Search: "process 2"}, {Channel: "c7"}, {Deleted: true}, {PlaceID: "p2"}} {
		ids, err := s.SetupIDs(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		paged := []string{}
		for in.Limit = 7; ; {
			page, err := s.SetupPage(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range page.Rows {
				paged = append(paged, row.ID)
			}
			if in.After = page.Next; page.Next == "" {
				break
			}
		}
		if !slices.Equal(ids, paged) {
			t.Errorf("%+v: %v, by pages %v", in, ids, paged)
		}
	}
}

// The newest tests of each setup stay; live calls always stay.
func TestPruneTests(t *testing.T) {
	s := processStore(t)
	setups := []string{}
	inProcessTx(t, s, func(ctx context.Context) error {
		for i := range inOneRead + 2 {
			id := fmt.Sprint("setup-", i)
			setups = append(setups, id)
			for n := range 5 {
				for mode, count := range map[call.Mode]int{call.Test: i % 6, call.Live: 2} {
					if n >= count {
						continue
					}
					if err := s.InsertCall(ctx, call.Detail{Call: call.Call{ID: fmt.Sprint(id, "-", mode, "-", n), SetupID: id, Mode: mode, State: call.Done}}); err != nil {
						return err
					}
				}
			}
		}
		return s.PruneTests(ctx, setups, 3)
	})
	for i, id := range setups {
		page, err := s.CallPage(t.Context(), call.ListInput{SetupID: id, Mode: string(call.Test), Limit: 50})
		if err != nil || len(page.Calls) != min(3, i%6) {
			t.Errorf("%s keeps %d tests of %d, %v", id, len(page.Calls), i%6, err)
		}
		if len(page.Calls) == 3 && page.Calls[0].ID != fmt.Sprint(id, "-test-", i%6-1) {
			t.Errorf("%s kept %s and not the newest", id, page.Calls[0].ID)
		}
		if live, err := s.CallPage(t.Context(), call.ListInput{SetupID: id, Mode: string(call.Live), Limit: 50}); err != nil || len(live.Calls) != 2 {
			t.Errorf("%s keeps %d live calls, %v", id, len(live.Calls), err)
		}
	}
}
