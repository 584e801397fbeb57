package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
)

// sendOffice is an office with a server to which its setups send.
type sendOffice struct {
	t                    *testing.T
	folder, address, key string
	// work is a folder for inputs, and where the commands run.
	work string
	// slow is how long the server takes for a message.
	slow time.Duration

	mu       sync.Mutex
	received map[string]int // how often the server got each order
	total    int
}

// newSendOffice makes an office with stages that send to a local server, and the
// stage Confirmed, whose provider the simulator plays.
func newSendOffice(t *testing.T, stages int) *sendOffice {
	t.Helper()
	o := &sendOffice{t: t, folder: makeOffice(t, passphrase), work: t.TempDir(), received: map[string]int{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var got struct{ Order string }
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		o.mu.Lock()
		o.received[got.Order]++
		o.total++
		o.mu.Unlock()
		time.Sleep(o.slow)
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(server.Close)
	signedIn(t, o.folder, func(ops backend.Ops) {
		ctx := atWindow(t.Context())
		place, err := ops.Process.CreatePlace(ctx, process.CreatePlaceInput{Name: "Orders"})
		if err != nil {
			t.Fatal(err)
		}
		stage := func(name string) string {
			made, err := ops.Process.CreateStage(ctx, process.CreateStageInput{PlaceID: place.ID, Name: name})
			if err != nil {
				t.Fatal(err)
			}
			for _, field := range []process.CreateFieldInput{
				{StageID: made.ID, Name: "Mobile", Type: process.Phone, Required: true, Sample: "+919812345678"},
				{StageID: made.ID, Name: "Order", Type: process.Text, Sample: "A-1"},
			} {
				if _, err := ops.Process.CreateField(ctx, field); err != nil {
					t.Fatal(err)
				}
			}
			return made.ID
		}
		for n := range stages {
			if _, err := ops.Setup.Create(ctx, setup.CreateInput{Draft: setup.Draft{
				PlaceID: place.ID, StageID: stage(fmt.Sprint("Stage ", n)), Channel: setup.SMS, Enabled: true,
				Request: request.Spec{
					Method: "POST", URL: server.URL, BodyFormat: request.JSONBody,
					Auth:        request.Auth{Type: request.Bearer, Token: request.Value{Secret: true, Typed: secret.New(token)}},
					Params:      []request.Param{{Name: "order", Value: request.Value{Plain: "{{order}}"}}, {Name: "to", Value: request.Value{Plain: "{{mobile}}"}}},
					StageParams: []request.StageParam{{Variable: "order", Field: "Order"}, {Variable: "mobile", Field: "Mobile"}},
				},
			}}); err != nil {
				t.Fatal(err)
			}
		}
		o.addTwilio(ctx, ops, place.ID, stage("Confirmed"))
	})
	o.address, o.key = openLocalAPI(t, o.folder)
	officeSaid.Store(o.key, true)
	return o
}

// addTwilio makes a setup with a provider, whose message is the order.
func (o *sendOffice) addTwilio(ctx context.Context, ops backend.Ops, placeID, stageID string) {
	o.t.Helper()
	applied, err := ops.Setup.Apply(ctx, setup.ApplyInput{Provider: "twilio-sms", Draft: setup.Draft{
		PlaceID: placeID, StageID: stageID, Channel: setup.SMS, Enabled: true,
		Request: request.Spec{StageParams: []request.StageParam{{Variable: "mobile", Field: "Mobile"}, {Variable: "order", Field: "Order"}}},
	}})
	if err != nil {
		o.t.Fatal(err)
	}
	entered := applied.Draft.Entered.Clone()
	for id, value := range map[string]request.Value{
		"account_sid": {Plain: "AC0123456789abcdef0123456789abcdef"}, "auth_token": {Secret: true, Typed: secret.New(token)},
		"recipient": {Plain: "{{mobile}}"}, "sender": {Plain: "+14155550100"}, "message": {Plain: "{{order}}"},
	} {
		for i := range entered.Values {
			if entered.Values[i].ID == id {
				entered.Values[i].Value = value
				value = request.Value{}
			}
		}
		if value != (request.Value{}) {
			entered.Values = append(entered.Values, provider.FieldValue{ID: id, Value: value})
		}
	}
	applied.Draft.Entered = &entered
	if _, err := ops.Setup.Create(ctx, setup.CreateInput{Draft: applied.Draft}); err != nil {
		o.t.Fatal(err)
	}
}

func (o *sendOffice) serve() *running {
	o.t.Helper()
	p := serve(o.t, o.folder)
	p.served(1)
	return p
}

// write writes an input and returns its path.
func (o *sendOffice) write(name, text string) string {
	o.t.Helper()
	path := filepath.Join(o.work, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
	return path
}

// command is keydeskd send of this office, without a terminal.
func (o *sendOffice) command(args ...string) *exec.Cmd {
	cmd := exec.Command(built, append([]string{"send", "--address", o.address}, args...)...)
	cmd.Env, cmd.Dir = append(os.Environ(), keyVariable+"="+o.key), o.work
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// ended is how a command ended.
type ended struct {
	code           int
	stdout, stderr string
}

func (o *sendOffice) run(stdin string, args ...string) ended {
	o.t.Helper()
	cmd := o.command(args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		o.t.Fatal(err)
	}
	mustHoldNoSecret(o.t, stdout.String()+stderr.String())
	return ended{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// result runs a command with --json.
func (o *sendOffice) result(stdin string, args ...string) (out sendResult, code int) {
	o.t.Helper()
	e := o.run(stdin, append(args, "--json")...)
	if err := json.Unmarshal([]byte(e.stdout), &out); err != nil {
		o.t.Fatalf("%v: %d\n%s%s", err, e.code, e.stdout, e.stderr)
	}
	return out, e.code
}

// got is how many messages the server has got.
func (o *sendOffice) got() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.total
}

// quiet fails if a file of the working folder holds a secret or was left half way.
func (o *sendOffice) quiet() {
	o.t.Helper()
	for _, text := range []string{o.key[len("kd_12345678_"):], token, password} {
		if found := holding(o.t, o.work, text); found != "" {
			o.t.Errorf("%s holds a secret", found)
		}
	}
	left, err := filepath.Glob(filepath.Join(o.work, ".keydesk-send-*"))
	if locks, _ := filepath.Glob(filepath.Join(o.work, "*.lock")); err != nil || len(left)+len(locks) > 0 {
		o.t.Errorf("left behind: %v %v %v", left, locks, err)
	}
}

// toOrders are the flags of a stage.
func toOrders(stage string) []string {
	return []string{"--process", "Orders", "--stage", stage, "--channel", "sms"}
}

// H08: of 100 rows 3 are faulty: 97 are sent, the 3 are listed with their lines and
// reasons and are in a file that is sent alone once it is corrected. The file is as
// Excel in Europe writes it.
func TestSendATable(t *testing.T) {
	t.Parallel()
	o := newSendOffice(t, 1)
	p := o.serve()
	var csv strings.Builder
	csv.WriteString("\uFEFFMobile;Order;Note\r\n")
	for n := 2; n <= 101; n++ {
		switch n {
		case 11:
			csv.WriteString(";A-11;\"no, number\"\r\n")
		case 12:
			csv.WriteString("not a number;\"A-\"\"12\"\"\";=1+1\r\n")
		case 90:
			csv.WriteString("+919812345678;A-90\r\n")
		default:
			fmt.Fprintf(&csv, "+9198123%05d;A-%d;=1+1\r\n", n, n)
		}
	}
	path := o.write("customers.csv", csv.String())
	args := append([]string{path, "--live", "--yes"}, toOrders("Stage 0")...)
	e := o.run("", args...)
	if e.code != exitRows || o.got() != 97 {
		t.Fatalf("%d, %d sent\n%s%s", e.code, o.got(), e.stdout, e.stderr)
	}
	for _, want := range []string{
		"97 of 100 messages were accepted.\n3 rows failed:\n", "  line 11: Mobile: Fill in Mobile.\n", "  line 12: Mobile: ", "  line 90: This row has 2 cells, and the header has 3 columns.\n",
		"keydeskd send " + filepath.Join(o.work, "customers.live.failed.csv") + " --process Orders --stage 'Stage 0' --channel sms --address " + o.address + " --live\n",
	} {
		if !strings.Contains(e.stdout, want) {
			t.Errorf("the summary does not say %q\n%s", want, e.stdout)
		}
	}
	for _, want := range []string{"This sends 99 messages for real", "99 to Orders / Stage 0 by sms", "which Keydesk does not know", "1 row cannot be sent", "no stage field is named “Note”"} {
		if !strings.Contains(e.stderr, want) {
			t.Errorf("it does not say %q\n%s", want, e.stderr)
		}
	}
	failed := filepath.Join(o.work, "customers.live.failed.csv")
	text, err := os.ReadFile(failed)
	if want := "\uFEFFMobile;Order;Note\r\n;A-11;\"no, number\"\r\nnot a number;\"A-\"\"12\"\"\";=1+1\r\n+919812345678;A-90\r\n"; err != nil || string(text) != want {
		t.Errorf("the file of failed rows is %q, %v", text, err)
	}
	// The same file is not sent again by mistake, and what was corrected is.
	if e := o.run("", args...); e.code != exitFailed || o.got() != 97 || !strings.Contains(e.stderr, "97 of these 100 rows were sent on") || !strings.Contains(e.stderr, "use --again") {
		t.Errorf("again: %d, %d sent\n%s", e.code, o.got(), e.stderr)
	}
	// Nor where the person corrects the whole file instead of the list.
	whole := strings.NewReplacer("\n;A-11", "\n+919812300001;A-11", "not a number", "+919812300002").Replace(csv.String())
	o.write("customers.csv", whole)
	if e := o.run("", args...); e.code != exitFailed || o.got() != 97 || !strings.Contains(e.stderr, "97 of these 100 rows were sent on") {
		t.Errorf("the whole file, corrected: %d, %d sent\n%s", e.code, o.got(), e.stderr)
	}
	corrected := strings.NewReplacer("\n;A", "\n+919812300001;A", "not a number", "+919812300002", "A-90\r", "A-90;\r").Replace(string(text))
	if err := os.WriteFile(failed, []byte(corrected), 0o600); err != nil {
		t.Fatal(err)
	}
	if e := o.run("", append([]string{failed, "--live", "--yes"}, toOrders("Stage 0")...)...); e.code != exitOK || o.got() != 100 {
		t.Errorf("the corrected rows: %d, %d sent\n%s%s", e.code, o.got(), e.stdout, e.stderr)
	}
	for order, times := range o.received {
		if times != 1 {
			t.Errorf("%s was sent %d times", order, times)
		}
	}
	if o.received[`A-"12"`] != 1 {
		t.Errorf("the value in quotation marks was sent as %v", o.received)
	}
	o.quiet()
	if code := p.stop(); code != exitOK {
		t.Errorf("%d\n%s", code, p.out)
	}
}

// manyRows is an input of live messages over several stages, since a setup sends
// 1,000 a day, with a faulty row at every faultyth line.
func manyRows(rows, stages, faulty int) string {
	var csv strings.Builder
	csv.WriteString("process,stage,channel,Mobile,Order\n")
	for n := 1; n <= rows; n++ {
		mobile := fmt.Sprintf("+9198%08d", n)
		if faulty > 0 && n%faulty == 0 {
			mobile = "none"
		}
		fmt.Fprintf(&csv, "Orders,Stage %d,sms,%s,A-%d\n", n%stages, mobile, n)
	}
	return csv.String()
}

// killed runs a command and kills it once the server has got so many more messages.
func (o *sendOffice) killed(more int, args ...string) {
	o.t.Helper()
	cmd := o.command(args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	from := o.got()
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(done)
	}()
	for deadline := time.Now().Add(time.Minute); o.got() < from+more; time.Sleep(time.Millisecond) {
		select {
		case <-done:
			o.t.Fatalf("it ended before it was killed:\n%s", &out)
		default:
		}
		if time.Now().After(deadline) {
			_ = cmd.Process.Kill()
			<-done
			o.t.Fatalf("only %d messages came\n%s", o.got()-from, &out)
		}
	}
	_ = cmd.Process.Kill()
	<-done
	mustHoldNoSecret(o.t, out.String())
}

// H08: 10,000 rows with 30 faulty ones, and the command killed 20 times on the way:
// each of the 9,970 is sent exactly once, the 30 are listed with line and reason, and
// are sent alone.
func TestSendIsKilled(t *testing.T) {
	t.Parallel()
	const rows, stages, kills, faulty = 10_000, 12, 20, 333
	o := newSendOffice(t, stages)
	p := o.serve()
	path := o.write("many.csv", manyRows(rows, stages, faulty))
	random := rand.New(rand.NewPCG(3, 5))
	began := time.Now()
	for range kills {
		o.killed(100+random.IntN(500), path, "--live", "--yes", "--parallel", "8")
	}
	out, code := o.result("", path, "--live", "--yes", "--parallel", "8")
	t.Logf("%d kills, %d messages in %s", kills, o.got(), time.Since(began).Round(time.Second))
	if code != exitRows || out.Rows != rows || out.Accepted != rows-30 || len(out.Failed) != 30 || len(out.Unclear) != 0 || out.Left != 0 || out.Stopped != nil {
		t.Fatalf("%d: %d accepted, %d failed, %d unclear, %d left, %+v", code, out.Accepted, len(out.Failed), len(out.Unclear), out.Left, out.Stopped)
	}
	for i, one := range out.Failed {
		if one.Line != (i+1)*faulty+1 || one.Number != (i+1)*faulty || one.Field != "Mobile" || one.Message == "" {
			t.Errorf("failed: %+v", one)
		}
	}
	o.exactlyOnce(rows, func(n int) bool { return n%faulty == 0 })
	text, err := os.ReadFile(out.FailedFile)
	if err != nil || strings.Count(string(text), "\n") != 31 {
		t.Fatalf("%q, %v", text, err)
	}
	alone := o.write("corrected.csv", strings.ReplaceAll(string(text), ",none,", ",+919812345678,"))
	if out, code := o.result("", alone, "--live", "--yes"); code != exitOK || out.Accepted != 30 {
		t.Errorf("alone: %d %+v", code, out)
	}
	o.exactlyOnce(rows, func(int) bool { return false })
	o.quiet()
	if code := p.stop(); code != exitOK {
		t.Errorf("%d\n%s", code, p.out)
	}
}

// exactlyOnce fails unless the server got each order once, but for those that are
// not to be sent.
func (o *sendOffice) exactlyOnce(rows int, not func(n int) bool) {
	o.t.Helper()
	for n := 1; n <= rows; n++ {
		want := 1
		if not(n) {
			want = 0
		}
		if times := o.received[fmt.Sprintf("A-%d", n)]; times != want {
			o.t.Errorf("A-%d was sent %d times", n, times)
		}
	}
}

// H08: a shell completes commands and flags, as the printed line sets it up.
func TestAShellCompletes(t *testing.T) {
	t.Parallel()
	script := `source <(keydeskd completion -c bash) && complete -p keydeskd &&
		COMP_LINE="keydeskd se" COMP_POINT=11 keydeskd && COMP_LINE="keydeskd send --unc" COMP_POINT=19 keydeskd`
	cmd := exec.Command("bash", "-c", script)
	cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(built)+":"+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	for _, want := range []string{"-C '" + built + "' keydeskd\n", "serve\n", "send\n", "--unclear\n"} {
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%v: no %q in\n%s", err, want, out)
		}
	}
	if strings.Contains(string(out), "doctor") {
		t.Errorf("it completes what does not begin so:\n%s", out)
	}
}
