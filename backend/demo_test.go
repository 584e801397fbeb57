package backend_test

import (
	"testing"

	"keydesk/backend"
	"keydesk/backend/call"
	server "keydesk/backend/demo"
	"keydesk/backend/setup"
)

// The demo office has ten setups, six of them with providers. Test all fires every
// one of them, the simulator finds nothing wrong with those of providers, and
// nothing leaves this computer.
func TestDemoOfficeFiresAllTen(t *testing.T) {
	demo := backend.NewDemo(backend.Options{Folder: t.TempDir(), Version: "test", Hash: cheap}, window, &server.Server{})
	if err := demo.Open(atWindow(t)); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := demo.Close(); err != nil {
			t.Error(err)
		}
	}()
	list, err := demo.Ops.Setup.List(atWindow(t), setup.ListInput{})
	if err != nil {
		t.Fatal(err)
	}
	providers, kinds := map[string]bool{}, map[string]bool{}
	for _, row := range list.Rows {
		providers[row.ProviderName] = true
		kinds[string(row.AuthType)] = true
		if row.Provider == "" {
			continue
		}
		one, err := demo.Ops.Setup.Get(atWindow(t), setup.IDInput{ID: row.ID})
		if err != nil {
			t.Fatal(err)
		}
		applied, err := demo.Ops.Setup.Apply(atWindow(t), setup.ApplyInput{Draft: one.Draft, Provider: row.Provider})
		if err != nil || applied.Newer || len(applied.Draft.ByHand) != 0 {
			t.Errorf("%s is not as its provider makes it: newer %v, by hand %v, %v", row.Name, applied.Newer, applied.Draft.ByHand, err)
		}
	}
	if list.Count != 10 || len(providers) != 7 || len(kinds) != 5 {
		t.Errorf("%d setups of the providers %v with the auth types %v", list.Count, providers, kinds)
	}
	for _, row := range list.Rows {
		one, err := demo.Ops.Setup.Get(atWindow(t), setup.IDInput{ID: row.ID})
		if err != nil || one.Draft.Provider == "" {
			continue
		}
		applied, err := demo.Ops.Setup.Apply(atWindow(t), setup.ApplyInput{Draft: one.Draft, Provider: one.Draft.Provider})
		if err != nil || applied.Newer || len(applied.Draft.ByHand) != 0 {
			t.Errorf("%s: newer %v, by hand %v, %v; want a request as its provider's file makes it", row.Name, applied.Newer, applied.Draft.ByHand, err)
		}
	}
	all, err := demo.Ops.Call.TestAll(atWindow(t), call.AllInput{})
	if err != nil {
		t.Fatal(err)
	}
	want := call.Verdicts{Accepted: 8, Refused: 1, Throttled: 1}
	if all.Fired != 10 || all.Simulated != 6 || len(all.NotFired) != 0 || all.Verdicts != want {
		t.Errorf("Test all gave %+v", all)
	}
	page, err := demo.Ops.Call.List(atWindow(t), call.ListInput{RunID: all.RunID, Target: "simulator"})
	if err != nil || page.Count != 6 {
		t.Fatalf("%d simulated calls: %v", page.Count, err)
	}
	for _, one := range page.Calls {
		detail, err := demo.Ops.Call.Get(atWindow(t), call.IDInput{ID: one.ID})
		if err != nil || one.Verdict != "accepted" || len(detail.Reply.Findings) != 0 || detail.Reply.Delivery != "" {
			t.Errorf("%s: %s, findings %v, delivery %q, %v", one.Title, one.Verdict, detail.Reply.Findings, detail.Reply.Delivery, err)
		}
	}
	real, err := demo.Ops.Call.List(atWindow(t), call.ListInput{RunID: all.RunID, Target: "address"})
	if err != nil || real.Count != 4 {
		t.Fatalf("%d calls to the address itself: %v", real.Count, err)
	}
	for _, one := range real.Calls {
		detail, err := demo.Ops.Call.Get(atWindow(t), call.IDInput{ID: one.ID})
		if err != nil || one.Simulated != "" || detail.Reply.Answer.RemoteAddr[:len("127.0.0.1:")] != "127.0.0.1:" {
			t.Errorf("%s went to %s, simulated %q, %v", one.Title, detail.Reply.Answer.RemoteAddr, one.Simulated, err)
		}
	}
}
