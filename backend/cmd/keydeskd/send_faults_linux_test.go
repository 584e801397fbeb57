package main

import (
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/apikey"
	"keydesk/backend/organisation"
)

// started runs a command of keydeskd send in the background.
func (o *sendOffice) started(args ...string) *running {
	o.t.Helper()
	return launch(o.t, []string{keyVariable + "=" + o.key}, func(cmd *exec.Cmd) { cmd.Dir = o.work }, built,
		append([]string{"send", "--address", o.address}, args...)...)
}

// waitForMessages waits until the server has got so many.
func (o *sendOffice) waitForMessages(count int, while *running) {
	o.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); o.got() < count; time.Sleep(time.Millisecond) {
		if while.ended() || time.Now().After(deadline) {
			o.t.Fatalf("%d of %d messages came\n%s", o.got(), count, while.out)
		}
	}
}

// RULES.md, Sending a table: both programs are killed on the way. Each row is sent
// exactly once or is unclear, and no unclear one is sent again.
func TestSendWhileKeydeskIsKilled(t *testing.T) {
	t.Parallel()
	const rows, stages, kills = 2_000, 4, 10
	o := newSendOffice(t, stages)
	p := o.serve()
	path := o.write("many.csv", manyRows(rows, stages, 0))
	random := rand.New(rand.NewPCG(7, 9))
	for kill := range kills {
		if kill%2 == 0 {
			o.killed(20+random.IntN(150), path, "--live", "--yes")
			continue
		}
		one := o.started(path, "--live", "--yes")
		o.waitForMessages(o.got()+20+random.IntN(150), one)
		p.kill()
		time.Sleep(time.Duration(random.IntN(500)) * time.Millisecond)
		p = o.serve()
		// It goes on by itself, since each row has an Idempotency-Key.
		o.waitForMessages(o.got()+20, one)
		one.kill()
	}
	out, code := o.result("", path, "--live", "--yes")
	if want := exitRows; code != want && (len(out.Unclear) > 0 || code != exitOK) || out.Accepted+len(out.Unclear) != rows || len(out.Failed) != 0 || out.Left != 0 {
		t.Fatalf("%d: %d accepted, %d failed, %d unclear, %d left, %+v", code, out.Accepted, len(out.Failed), len(out.Unclear), out.Left, out.Stopped)
	}
	t.Logf("%d unclear", len(out.Unclear))
	unclear := map[int]bool{}
	for _, one := range out.Unclear {
		unclear[one.Number] = true
	}
	if len(unclear) == 0 || len(unclear) > 4*kills {
		t.Errorf("%d rows are unclear", len(unclear))
	}
	for n := 1; n <= rows; n++ {
		if times := o.received[fmt.Sprintf("A-%d", n)]; times > 1 || times == 0 && !unclear[n] {
			t.Errorf("A-%d was sent %d times, unclear: %v", n, times, unclear[n])
		}
	}
	text, err := os.ReadFile(out.UnclearFile)
	if err != nil || strings.Count(string(text), "\n") != len(unclear)+1 || out.FailedFile != "" {
		t.Errorf("%q, %v; %q", text, err, out.FailedFile)
	}
	// They are not sent by sending the rest again.
	before := o.got()
	if e := o.run("", path, "--live", "--yes"); e.code != exitFailed || o.got() != before {
		t.Errorf("again: %d, %d more\n%s", e.code, o.got()-before, e.stderr)
	}
	o.quiet()
	p.stop()
}

// H08: a try-out sends nothing, whatever the format. Rows come from a file, from
// standard input or from flags.
func TestSendTriesOut(t *testing.T) {
	t.Parallel()
	o := newSendOffice(t, 1)
	p := o.serve()
	args := toOrders("Confirmed")
	for name, input := range map[string]string{
		"csv":   "Mobile,Order\n+919812345678,007\n+919812345679,\"two\nlines\"\n",
		"list":  `[{"Mobile": "+919812345678", "Order": 7}, {"fields": {"Mobile": 919812345679, "Order": true}}]`,
		"lines": "{\"Mobile\": \"+919812345678\", \"Order\": \"7\"}\n{\"Mobile\": \"+919812345679\", \"Order\": \"8\"}\n",
		"tabs":  "Mobile\tOrder\r\n+919812345678\tx\r\n+919812345679\ty\r\n",
	} {
		if out, code := o.result(input, args...); code != exitOK || out.Accepted != 2 || out.Mode != "simulate" {
			t.Errorf("%s: %d %+v", name, code, out)
		}
	}
	if out, code := o.result("Mobile,Order\n+919812345678,1\n", append([]string{"/dev/stdin"}, args...)...); code != exitOK || out.Accepted != 1 {
		t.Errorf("a pipe with a name: %d %+v", code, out)
	}
	if e := o.run("", append(args, "--field", "Mobile=+919812345678", "--field", "Order=a=b")...); e.code != exitOK || !strings.Contains(e.stdout, "1 of 1 message was accepted by the simulator. This was a try-out: nothing was sent.") {
		t.Errorf("flags: %+v", e)
	}
	// A single message that fails says why.
	if e := o.run("", append(args, "--field", "Order=1")...); e.code != exitRows || !strings.Contains(e.stdout, "Mobile: Fill in Mobile.") {
		t.Errorf("a message that fails: %+v", e)
	}
	if left, err := os.ReadDir(o.work); err != nil || len(left) != 0 {
		t.Errorf("a try-out leaves %v, %v", left, err)
	}
	// The setup has no provider, so the simulator cannot play it: that concerns every
	// row, and is told once.
	e := o.run("", append([]string{o.write("x.csv", manyRows(50, 1, 0))}, toOrders("Stage 0")...)...)
	if e.code != exitStopped || !strings.Contains(e.stderr, "The simulator plays providers, and this setup has none. 50 of 50 rows are left.") {
		t.Errorf("no provider: %+v", e)
	}
	if o.got() != 0 {
		t.Errorf("%d messages were sent", o.got())
	}
	o.quiet()
	p.stop()
}

// RULES.md, Sending a table: what concerns every row stops the run with one sentence
// and a code, sends nothing, and the same command goes on afterwards.
func TestSendStops(t *testing.T) {
	t.Parallel()
	o := newSendOffice(t, 1)
	path := o.write("rows.csv", manyRows(20, 1, 0))
	live := []string{path, "--live", "--yes"}
	want := func(name string, e ended, code int, says ...string) {
		t.Helper()
		for _, text := range says {
			if e.code != code || !strings.Contains(e.stderr, text) {
				t.Errorf("%s: %d, want %d and %q\n%s%s", name, e.code, code, text, e.stdout, e.stderr)
			}
		}
		if count := strings.Count(e.stderr, "keydeskd:"); count != 1 {
			t.Errorf("%s: %d reasons\n%s", name, count, e.stderr)
		}
	}
	want("nothing listens", o.run("", live...), exitFailed, "Keydesk does not answer at "+o.address+". Start Keydesk")
	p := o.serve()
	good := o.key
	o.key = strings.Replace(good, good[15:17], "Zz", 1)
	want("a wrong key", o.run("", live...), exitFailed, "Keydesk refuses the API key: This API key is not valid.")
	o.key = "two words"
	want("no key", o.run("", live...), exitFailed, "What KEYDESK_API_KEY holds is no API key.")
	o.key = ""
	want("none", o.run("", live...), exitFailed, "The variable KEYDESK_API_KEY is not set.")
	o.key = good
	want("the key in the input", o.run("Mobile\n"+good+"\n", append([]string{"--live", "--yes"}, toOrders("Stage 0")...)...), exitFailed, "The input holds the API key.")
	want("no terminal", o.run("", path, "--live"), exitFailed, "This sends 20 messages for real", "Without a terminal to ask at, --live needs --yes.")
	want("no stage", o.run("", o.write("one.csv", "Mobile\n+919812345678\n"), "--live", "--yes", "--process", "Orders", "--stage", "Shiped", "--channel", "sms"), exitFailed, "There is no stage called “Shiped” here. At Orders there are, by code: stage_0, confirmed.")
	want("no process", o.run("Mobile\n+919812345678\n", "--channel", "sms"), exitFailed, "No row says which process it belongs to.")
	want("plain beyond this computer", o.run("", path, "--address", "http://192.0.2.1:7373"), exitFailed, "Beyond this computer the local API is called with https alone.")

	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	want("another program", o.run("", path, "--address", web.URL), exitFailed, "What answers at this address is not Keydesk's local API.")
	secured := httptest.NewUnstartedServer(http.NotFoundHandler())
	secured.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes
	secured.StartTLS()
	defer secured.Close()
	want("a certificate", o.run("", path, "--address", secured.URL), exitFailed, "is not from an authority that is trusted here.")

	e := o.run("", path, "--live", "--yes", "--progress", filepath.Join(o.work, "no-folder", "x"))
	want("no place for the progress", e, exitFailed, "no such file or directory", "--progress")
	if o.got() != 0 {
		t.Fatalf("%d messages were sent", o.got())
	}
	p.stop()

	o.pause(true)
	p = o.serve()
	want("paused", o.run("", live...), exitStopped, "Sending is paused in this office. 20 of 20 rows are left.")
	p.stop()
	o.pause(false)
	p = o.serve()
	if e := o.run("", live...); e.code != exitOK || o.got() != 20 {
		t.Errorf("afterwards: %d, %d sent\n%s%s", e.code, o.got(), e.stdout, e.stderr)
	}
	o.quiet()
	p.stop()
}

func (o *sendOffice) pause(paused bool) {
	o.t.Helper()
	signedIn(o.t, o.folder, func(ops backend.Ops) {
		if _, err := ops.Organisation.Pause(atWindow(o.t.Context()), organisation.PauseInput{Paused: paused}); err != nil {
			o.t.Fatal(err)
		}
	})
}

// keyWith makes a key of the office with some scopes and a limit.
func (o *sendOffice) keyWith(perMinute int, scopes ...access.Scope) (key string) {
	o.t.Helper()
	signedIn(o.t, o.folder, func(ops backend.Ops) {
		made, err := ops.Apikey.Create(atWindow(o.t.Context()), apikey.CreateInput{
			RequestID: fmt.Sprint(perMinute, scopes), Title: fmt.Sprint("Key ", perMinute), Expires: apikey.Term{Days: 90},
			Grants: apikey.Grants{Scopes: scopes, PerMinute: perMinute},
		})
		if err != nil {
			o.t.Fatal(err)
		}
		key = made.Secret
	})
	officeSaid.Store(key, true)
	return key
}

// The key's scopes are looked at before anything else is done.
func TestSendWithoutTheScope(t *testing.T) {
	t.Parallel()
	o := newSendOffice(t, 1)
	simulates, reads := o.keyWith(0, access.SimulateCalls), o.keyWith(0, access.ReadCalls)
	p := o.serve()
	path := o.write("rows.csv", manyRows(3, 1, 0))
	for _, c := range []struct {
		key, says string
		args      []string
	}{
		{simulates, "lacks the scope calls:send", []string{path, "--live", "--yes"}},
		{reads, "lacks the scope calls:simulate", []string{path}},
	} {
		o.key = c.key
		if e := o.run("", c.args...); e.code != exitFailed || !strings.Contains(e.stderr, c.says) {
			t.Errorf("%+v", e)
		}
	}
	o.key = simulates
	if out, code := o.result("Mobile,Order\n+919812345678,1\n", toOrders("Confirmed")...); code != exitOK || out.Accepted != 1 {
		t.Errorf("%d %+v", code, out)
	}
	p.stop()
}

// RULES.md, Sending a table: the key's limit is kept to, and it is said what is
// waited for. Ctrl-C then stops at once, and the same command goes on.
func TestSendKeepsToTheLimit(t *testing.T) {
	t.Parallel()
	o := newSendOffice(t, 1)
	o.key = o.keyWith(12, access.SendCalls)
	p := o.serve()
	path := o.write("rows.csv", manyRows(12, 1, 0))
	one := o.started(path, "--live", "--yes")
	// Two requests are for the key itself and the first look.
	o.waitForMessages(10, one)
	one.waitFor("waits ")
	if !strings.Contains(one.out.String(), "the key's limit of 12 a minute") {
		t.Errorf("it says\n%s", one.out)
	}
	began := time.Now()
	one.signal(syscall.SIGINT)
	if code := one.code(); code != exitStopped || time.Since(began) > 5*time.Second || !strings.Contains(one.out.String(), "Stopped. 2 of 12 rows are left. Then the same command goes on, and sends nothing twice.") {
		t.Errorf("Ctrl-C: %d after %s\n%s", code, time.Since(began), one.out)
	}
	signedInAgain(o, p, func() {
		// The refused requests are counted: none was made for nothing.
		if refused := o.refusedRequests(); refused != 0 {
			t.Errorf("%d requests were refused", refused)
		}
	})
	p = o.serve() // which forgets what was counted
	if out, code := o.result("", path, "--live", "--yes"); code != exitOK || out.Accepted != 12 || o.got() != 12 {
		t.Errorf("%d %+v", code, out)
	}
	p.stop()
}

// signedInAgain stops keydeskd and does something in the office.
func signedInAgain(o *sendOffice, p *running, do func()) {
	o.t.Helper()
	if code := p.stop(); code != exitOK {
		o.t.Errorf("%d\n%s", code, p.out)
	}
	do()
}

// refusedRequests counts what the access log has of 429.
func (o *sendOffice) refusedRequests() (count int) {
	o.t.Helper()
	signedIn(o.t, o.folder, func(ops backend.Ops) {
		page, err := ops.Apikey.Access(atWindow(o.t.Context()), apikey.AccessInput{Limit: 100})
		if err != nil {
			o.t.Fatal(err)
		}
		if len(page.Rows) == 0 {
			o.t.Error("the access log is empty")
		}
		for _, row := range page.Rows {
			if row.Status == http.StatusTooManyRequests {
				count++
			}
		}
	})
	return count
}

// RULES.md, Two programs: the window takes the data over in the middle and hands it
// back. The command only has to try again, and nothing is sent twice.
func TestSendDuringAHandOver(t *testing.T) {
	t.Parallel()
	const rows = 400
	o := newSendOffice(t, 1)
	o.slow = 50 * time.Millisecond
	p := o.serve()
	path := o.write("rows.csv", manyRows(rows, 1, 0))
	one := o.started(path, "--live", "--yes")
	o.waitForMessages(50, one)
	window := launch(t, []string{partVariable + "=window"}, nil, os.Args[0], o.folder)
	window.waitFor("has the data")
	if o.got() >= rows {
		t.Error("everything was sent before the window came")
	}
	time.Sleep(300 * time.Millisecond)
	window.stop()
	p.served(2)
	if code := one.code(); code != exitOK || o.got() != rows || !strings.Contains(one.out.String(), "400 of 400 messages were accepted.") {
		t.Errorf("%d, %d sent\n%s", code, o.got(), one.out)
	}
	o.exactlyOnce(rows, func(int) bool { return false })
	p.stop()
}

// RULES.md, Sending a table: another input under the progress of an unfinished live
// run is refused; as it was, it goes on. Two runs at once are one too many.
func TestSendWithAnotherInput(t *testing.T) {
	t.Parallel()
	o := newSendOffice(t, 1)
	o.slow = 30 * time.Millisecond
	p := o.serve()
	const rows = 300
	path := o.write("rows.csv", manyRows(rows, 1, 0))
	one := o.started(path, "--live", "--yes")
	o.waitForMessages(20, one)
	if e := o.run("", path, "--live", "--yes"); e.code != exitFailed || !strings.Contains(e.stderr, "Another keydeskd send works on this input.") {
		t.Errorf("a second run: %+v", e)
	}
	one.signal(syscall.SIGTERM)
	if code := one.code(); code != exitStopped || o.got() == rows {
		t.Fatalf("%d, %d sent\n%s", code, o.got(), one.out)
	}
	before := o.got()
	changed := o.write("rows.csv", manyRows(rows, 1, 0)+"Orders,Stage 0,sms,+919812345678,A-x\n")
	if e := o.run("", changed, "--live", "--yes"); e.code != exitFailed || !strings.Contains(e.stderr, "is not what it was when the run of") || !strings.Contains(e.stderr, "--again") {
		t.Errorf("another input: %+v", e)
	}
	if e := o.run("", changed, "--live", "--yes", "--stage", "Stage 0"); e.code != exitFailed {
		t.Errorf("another stage: %+v", e)
	}
	if o.got() != before {
		t.Errorf("%d messages were sent", o.got()-before)
	}
	path = o.write("rows.csv", manyRows(rows, 1, 0))
	if e := o.run("", path, "--live", "--yes"); e.code != exitOK || o.got() != rows || !strings.Contains(e.stderr, "Going on with the run of") || !strings.Contains(e.stdout, "300 of 300") {
		t.Errorf("as it was: %d, %d sent\n%s", e.code, o.got(), e.stderr)
	}
	o.exactlyOnce(rows, func(int) bool { return false })
	// On purpose it is sent again.
	if e := o.run("", path, "--live", "--yes", "--again"); e.code != exitOK || o.got() != 2*rows {
		t.Errorf("--again: %d, %d sent\n%s", e.code, o.got(), e.stderr)
	}
	o.quiet()
	p.stop()
}

// H08: on a terminal a live run says how many messages go out and how many SMS they
// are billed as, and asks. The progress is one line.
func TestSendAsks(t *testing.T) {
	t.Parallel()
	o := newSendOffice(t, 1)
	p := o.serve()
	path := o.write("rows.csv", "Mobile,Order\n+919812345678,short\n+919812345679,"+strings.Repeat("long ", 40)+"\n")
	ask := func(answer string, args ...string) (*running, string) {
		person, program := terminal(t)
		one := launch(t, []string{keyVariable + "=" + o.key}, func(cmd *exec.Cmd) {
			cmd.Dir, cmd.Stdin, cmd.Stderr = o.work, program, program
			cmd.SysProcAttr.Setsid, cmd.SysProcAttr.Setctty = true, true
		}, built, append([]string{"send", "--address", o.address, path, "--live"}, args...)...)
		var shown output
		go func() {
			for part := make([]byte, 4096); ; {
				n, err := person.Read(part)
				if err != nil {
					return
				}
				_, _ = shown.Write(part[:n])
			}
		}()
		for deadline := time.Now().Add(10 * time.Second); !strings.Contains(shown.String(), "Send now? [y/N]"); time.Sleep(5 * time.Millisecond) {
			if one.ended() || time.Now().After(deadline) {
				t.Fatalf("it does not ask:\n%s%s", shown.String(), one.out)
			}
		}
		_, _ = person.WriteString(answer)
		one.code()
		time.Sleep(50 * time.Millisecond) // what it wrote last is on its way
		mustHoldNoSecret(t, shown.String())
		return one, shown.String()
	}
	for _, answer := range []string{"n\n", "\n", "maybe\n"} {
		if one, shown := ask(answer, toOrders("Confirmed")...); one.code() != exitFailed || !strings.Contains(shown, "nobody agreed") {
			t.Errorf("%q: %d\n%s", answer, one.code(), shown)
		}
	}
	if one, shown := ask("\x03", toOrders("Confirmed")...); one.code() != exitStopped || !strings.Contains(shown, "Stopped. Nothing was sent.") {
		t.Errorf("Ctrl-C: %d\n%s", one.code(), shown)
	}
	one, shown := ask("n\n", toOrders("Confirmed")...)
	if !strings.Contains(shown, "2 to Orders / Confirmed by sms, through Twilio") || !strings.Contains(shown, "billed as up to 2 SMS each (line 3), so about 4 SMS at most") {
		t.Errorf("%d\n%s", one.code(), shown)
	}
	if left, err := filepath.Glob(filepath.Join(o.work, "*.progress*")); err != nil || len(left) != 0 {
		t.Errorf("a question leaves %v", left)
	}
	one, shown = ask("y\n", toOrders("Stage 0")...)
	if one.code() != exitOK || o.got() != 2 || !strings.Contains(one.out.String(), "2 of 2 messages were accepted.") {
		t.Errorf("yes: %d, %d sent\n%s%s", one.code(), o.got(), shown, one.out)
	}
	// The same file, just sent: it says so and asks.
	if one, shown := ask("n\n", toOrders("Stage 0")...); one.code() != exitFailed || o.got() != 2 || !strings.Contains(shown, "2 of these 2 rows were sent on") {
		t.Errorf("again: %d\n%s", one.code(), shown)
	}
	p.stop()
}

// RULES.md, Sending a table: input that cannot be read, and a progress file that is
// none.
func TestSendUnreadable(t *testing.T) {
	t.Parallel()
	o := &sendOffice{t: t, work: t.TempDir(), address: "http://127.0.0.1:1", key: "kd_12345678_nothing-that-is-good"}
	damaged := o.write("damaged.live.progress", "{\"keydesk_send\":1}\n{}\n")
	for name, c := range map[string]struct {
		input, says string
		args        []string
	}{
		"a broken file":    {"", "cannot be read: input/output error.", []string{"/proc/self/mem"}},
		"a folder":         {"", "cannot be read: is a directory.", []string{o.work}},
		"no file":          {"", "cannot be read: no such file or directory.", []string{filepath.Join(o.work, "none.csv")}},
		"nothing":          {"", "The input is empty.", nil},
		"no text":          {"Mobile\nM\xfcller\n", "not text in UTF-8: see line 2.", nil},
		"an authority":     {"Mobile\n1\n", "The file of --ca holds no certificate.", []string{"--ca", o.write("ca.pem", "x")}},
		"a broken one":     {"Mobile\n1\n", "is damaged in line 1.", []string{"--live", "--progress", damaged}},
		"a device":         {"Mobile\n1\n", "/dev/full is not a plain file.", []string{"--live", "--progress", "/dev/full"}},
		"two for one":      {"Mobile\n1\n", "is named for two things.", []string{"--failed", "x", "--unclear", "x"}},
		"twice":            {"", "names \"A\" twice", []string{"--field", "A=1", "--field", "A=2"}},
		"an unknown place": {"Mobile\n1\n", "This is no address", []string{"--address", "127.0.0.1:7373"}},
	} {
		if e := o.run(c.input, append(c.args, toOrders("Stage 0")...)...); e.code != exitFailed || !strings.Contains(e.stderr, c.says) {
			t.Errorf("%s: %d\n%s", name, e.code, e.stderr)
		}
	}
}

// A full disk: nothing more is sent than the progress knows of, and once there is
// room the same command goes on.
func TestSendOnAFullDisk(t *testing.T) {
	t.Parallel()
	o := newSendOffice(t, 1)
	p := o.serve()
	const rows = 200
	path := o.write("rows.csv", manyRows(rows, 1, 0))
	cmd := o.command(path, "--live", "--yes")
	// The shell's limit on the size of files is met as a full disk is.
	cmd.Path, cmd.Args = "/bin/bash", append([]string{"bash", "-c", `trap '' XFSZ; ulimit -f 4; exec "$@"`, "bash"}, cmd.Args...)
	out, err := cmd.CombinedOutput()
	if err == nil || cmd.ProcessState.ExitCode() != exitStopped || !strings.Contains(string(out), "The progress of this run cannot be kept any more: file too large.") || o.got() == rows {
		t.Fatalf("%v, %d sent\n%s", err, o.got(), out)
	}
	if e := o.run("", path, "--live", "--yes"); e.code != exitOK || o.got() != rows {
		t.Errorf("with room: %d, %d sent\n%s%s", e.code, o.got(), e.stdout, e.stderr)
	}
	o.exactlyOnce(rows, func(int) bool { return false })
	p.stop()
}

// A server that accepts and never answers does not keep Ctrl-C from ending.
func TestSendToSilence(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	o := &sendOffice{t: t, work: t.TempDir(), address: "http://" + listener.Addr().String(), key: "kd_12345678_nothing-that-is-good"}
	one := o.started(o.write("rows.csv", manyRows(1, 1, 0)))
	time.Sleep(300 * time.Millisecond)
	one.signal(syscall.SIGINT)
	if code := one.code(); code != exitStopped || !strings.Contains(one.out.String(), "Stopped. Nothing was sent.") {
		t.Errorf("%d\n%s", code, one.out)
	}
}

// A list that could not be written, or was not since the run was killed before, is
// written by the same command, which sends nothing.
func TestSendWritesItsListsLater(t *testing.T) {
	t.Parallel()
	o := newSendOffice(t, 1)
	p := o.serve()
	path := o.write("rows.csv", manyRows(6, 1, 3))
	e := o.run("", path, "--live", "--yes", "--failed", filepath.Join(o.work, "none", "x.csv"))
	if e.code != exitFailed || o.got() != 4 || !strings.Contains(e.stderr, "cannot be written: no such file or directory.") || !strings.Contains(e.stdout, "line 4: Mobile: ") {
		t.Errorf("%d, %d sent\n%s%s", e.code, o.got(), e.stdout, e.stderr)
	}
	// A person keeps something by that name, which stays.
	mine := o.write("rows.live.failed.csv", "mine")
	out, code := o.result("", path, "--live", "--yes")
	if code != exitRows || o.got() != 4 || out.FailedFile != filepath.Join(o.work, "rows.live.failed-2.csv") || len(out.Failed) != 2 || out.Accepted != 4 {
		t.Errorf("%d, %d sent, %+v", code, o.got(), out)
	}
	if text, err := os.ReadFile(mine); err != nil || string(text) != "mine" {
		t.Errorf("%q %v", text, err)
	}
	if e := o.run("", path, "--live", "--yes"); e.code != exitFailed || o.got() != 4 {
		t.Errorf("again: %d, %d sent\n%s", e.code, o.got(), e.stderr)
	}
	o.quiet()
	p.stop()
}

// T5: words of others cannot command a terminal.
func TestSendShowsWhatCannotBeSeen(t *testing.T) {
	t.Parallel()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/key" {
			_, _ = io.WriteString(w, `{"id":"k","title":"CRM","scopes":["calls:send"],"requests_a_minute":600}`)
			return
		}
		_, _ = io.WriteString(w, `{"call_id":"c","verdict":"refused","words":"No\u001b[2J\u202e\r","ignored_fields":["\u001b]0;x\u0007"]}`)
	}))
	defer web.Close()
	o := &sendOffice{t: t, work: t.TempDir(), address: web.URL, key: "kd_12345678_nothing-that-is-good"}
	e := o.run("Mobile\n1\n", append([]string{"-"}, toOrders("x\x1b[31m")...)...)
	if e.code != exitRows || strings.ContainsAny(strings.ReplaceAll(e.stdout+e.stderr, "\n", ""), "\x1b\u202e\r\a") || !strings.Contains(e.stdout, `line 2: No\x1b[2J\u202e\r`) {
		t.Errorf("%d %q %q", e.code, e.stdout, e.stderr)
	}
}
