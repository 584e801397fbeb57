package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"keydesk/backend/process"
	"keydesk/backend/setup"
)

// sentRows is how many rows one round of send_csv sends, and atATime how many at once.
const (
	sentRows = 1000
	atATime  = 4
)

// measureSend: `keydeskd send` with a CSV of 1,000 rows, four at a time, through the
// local API to a server that waits 20 ms, with its progress file, against curl that
// sends as many requests to that server, four at a time. Both are programs of their
// own, from start to end.
func measureSend(b *bench) error {
	address, stop, err := startSink()
	if err != nil {
		return err
	}
	defer stop()
	office, err := b.newServed("send")
	if err != nil {
		return err
	}
	defer func() { _ = office.close() }()
	// A setup sends 1,000 live messages a day, so the rows of a round go to more stages
	// than there are rounds, a profile's included.
	stages := b.rounds + 7
	if err := office.stagesTo(b, address, stages); err != nil {
		return err
	}
	keys, err := office.keys(b.ctx, 1, 1)
	if err != nil {
		return err
	}
	program := filepath.Join(b.folder, "keydeskd")
	if out, err := exec.CommandContext(b.ctx, "go", "build", "-ldflags", "-s -w", "-o", program, "keydesk/backend/cmd/keydeskd").CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	round := 0
	ours := func() error {
		round++
		path := filepath.Join(b.folder, fmt.Sprintf("rows-%d.csv", round))
		if err := os.WriteFile(path, []byte(rowsOver(stages)), 0o600); err != nil {
			return err
		}
		send := exec.CommandContext(b.ctx, program, "send", path, "--live", "--yes", "--json", "--parallel", fmt.Sprint(atATime), "--address", office.base)
		send.Env = append(os.Environ(), "KEYDESK_API_KEY="+keys[0])
		var out, said bytes.Buffer
		send.Stdout, send.Stderr = &out, &said
		if err := send.Run(); err != nil {
			return fmt.Errorf("%w\n%s%s", err, &out, &said)
		}
		var result struct{ Accepted int }
		if err := json.Unmarshal(out.Bytes(), &result); err != nil || result.Accepted != sentRows {
			return fmt.Errorf("%d accepted: %w", result.Accepted, err)
		}
		return nil
	}
	reference := func() error {
		curl := exec.CommandContext(b.ctx, "curl", "-q", "--silent", "--show-error", "--fail", "--http1.1", "--noproxy", "*",
			"--parallel", "--parallel-max", fmt.Sprint(atATime), "--output", os.DevNull, "--write-out", "%{http_code}\n",
			"--header", "Authorization: Bearer "+fireToken, "--header", "Content-Type: application/json", "--data-binary", fireBody,
			fmt.Sprintf("%s%s?row=[1-%d]", address, slowPath, sentRows))
		out, err := curl.Output()
		if sent := strings.Count(string(out), "201\n"); err != nil || sent != sentRows {
			return fmt.Errorf("curl sent %d: %w", sent, err)
		}
		return nil
	}
	if err := b.profile("send_csv", ours); err != nil { // what the office does for it
		return err
	}
	rounds, err := inTurn(b.rounds, ours, reference)
	if err != nil {
		return err
	}
	b.print(ratioFigure("send_csv", rounds, sentRows, 1.2))
	return nil
}

// stagesTo makes stages with a setup each, which sends to the server that waits.
func (s *served) stagesTo(b *bench, address string, count int) error {
	ops := &s.host.Ops
	orders, err := ops.Process.CreatePlace(b.ctx, process.CreatePlaceInput{Name: "Orders"})
	if err != nil {
		return err
	}
	for n := range count {
		stage, err := ops.Process.CreateStage(b.ctx, process.CreateStageInput{PlaceID: orders.ID, Name: fmt.Sprint("Stage ", n)})
		if err != nil {
			return err
		}
		if _, err := ops.Process.CreateField(b.ctx, process.CreateFieldInput{StageID: stage.ID, Name: "Mobile", Type: process.Phone, Sample: "+919812345678"}); err != nil {
			return err
		}
		draft := fireDraft(orders.ID, setup.SMS, address)
		draft.StageID, draft.Request.URL = stage.ID, address+slowPath
		if _, err := ops.Setup.Create(b.ctx, setup.CreateInput{Draft: draft}); err != nil {
			return err
		}
	}
	return nil
}

// rowsOver is an input whose rows go to the stages in turn.
func rowsOver(stages int) string {
	var csv strings.Builder
	csv.WriteString("process,stage,channel,Mobile\n")
	for n := range sentRows {
		fmt.Fprintf(&csv, "Orders,Stage %d,sms,+9198%08d\n", n%stages, n)
	}
	return csv.String()
}
