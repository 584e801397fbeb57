package desktop_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/godbus/dbus/v5"

	"keydesk/backend/desktop"
)

// C29; RULES.md, Desktop notifications: what Debian's dunst shows is the text that
// was given, character by character.
func TestShownAsItIs(t *testing.T) {
	b := onBus(t)
	b.screen()
	b.dunst()
	picture, err := filepath.Abs("../../build/appicon.png")
	if err != nil {
		t.Fatal(err)
	}
	n := desktop.New(desktop.Options{Icon: picture})
	defer n.Close()
	for _, c := range []struct {
		name  string
		given desktop.Notice
		title string // as shown, where it differs
		body  string
	}{
		{name: "plain", given: desktop.Notice{ID: "k1", Title: "An API key expires in 3 days", Body: "CRM live, used today"}},
		{name: "markup", given: desktop.Notice{Title: `<b>&"`, Body: `<b>&" <i>x</i> <img src="file:///etc/passwd"/> &lt; &amp;amp; <!-- --> 'a'`}},
		{name: "half a tag", given: desktop.Notice{Title: "a < b", Body: "a < b && c > d </b>"}},
		{name: "places in dunst's own format", given: desktop.Notice{Title: "%s %b %a", Body: `100 % \n %%`}},
		{name: "Hindi", given: desktop.Notice{Title: "कुंजी की समय सीमा समाप्त हो रही है", Body: "क्ष त्र ज्ञ: ३ दिन"}},
		{name: "Arabic", given: desktop.Notice{Title: "ينتهي مفتاح واجهة برمجة التطبيقات", Body: "خلال 3 أيام (CRM)"}},
		{name: "emoji", given: desktop.Notice{Title: "🔑 👨‍👩‍👧", Body: "🇮🇳"}},
		{name: "lines", given: desktop.Notice{Title: "one\nline", Body: "two\nlines"}, title: "one line"},
		{name: "control characters", given: desktop.Notice{Title: "be\x00l\x07l\x1b[31m", Body: "\x08a\x7f\xffb\u0085c"}, title: "bell[31m", body: "a\uFFFDb\nc"},
		{name: "no text", given: desktop.Notice{}, title: "Keydesk"},
		{name: "urgent", given: desktop.Notice{Title: "The key has expired", Urgent: true}},
	} {
		show(t, n, c.given)
		if c.title == "" {
			c.title = c.given.Title
		}
		if c.body == "" {
			c.body = c.given.Body
		}
		if displayed := b.ctl("count", "displayed"); displayed != "1" {
			t.Fatalf("%s: %s are displayed", c.name, displayed)
		}
		got := b.history()[0]
		if got.Summary != c.title || read(t, got.Body) != c.body {
			t.Errorf("%s: title %q, body %q", c.name, got.Summary, got.Body)
		}
		// The whole as it is drawn.
		if drawn := strings.TrimSpace(read(t, got.Message)); drawn != strings.TrimSpace(c.title+"\n"+c.body) {
			t.Errorf("%s: drawn as %q", c.name, drawn)
		}
		if got.AppName != "Keydesk" || got.Icon != picture || got.Stays != c.given.Urgent {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// RULES.md, Desktop notifications: 10,000 letters are cut, and the sign that says
// so is part of the limit.
func TestLongTextIsCut(t *testing.T) {
	b := onBus(t)
	b.screen()
	b.dunst()
	n, _ := notifier(t, 0)
	for _, letter := range []string{"x", "&", "की", "م", "<b>"} {
		long := strings.Repeat(letter, 10_000)
		show(t, n, desktop.Notice{Title: long, Body: long})
		got := b.history()[0]
		for text, limit := range map[string]int{got.Summary: 120, read(t, got.Body): 600} {
			start, cut := strings.CutSuffix(text, "…")
			if length := utf8.RuneCountInString(text); !cut || !strings.HasPrefix(long, start) || length > limit || length < limit-2 {
				t.Errorf("%q: %d characters: %q", letter, length, text)
			}
		}
	}
}

// A later notice with the same ID takes the place of the one that is shown; one
// that a person has closed does not come back, and the next is a new one.
func TestLaterNoticeReplaces(t *testing.T) {
	b := onBus(t)
	b.screen()
	b.dunst()
	n, _ := notifier(t, 0)
	show(t, n, desktop.Notice{ID: "k1", Title: "14 days"})
	show(t, n, desktop.Notice{ID: "k2", Title: "another key"})
	show(t, n, desktop.Notice{ID: "k1", Title: "3 days"})
	show(t, n, desktop.Notice{Title: "no ID"})
	show(t, n, desktop.Notice{Title: "no ID either"})
	if displayed := b.ctl("count", "displayed"); displayed != "4" {
		t.Errorf("%s are displayed", displayed)
	}
	var titles []string
	for _, one := range b.history() {
		titles = append(titles, one.Summary)
	}
	slices.Sort(titles)
	if fmt.Sprint(titles) != "[3 days another key no ID no ID either]" {
		t.Error(titles)
	}
	b.waitClosed(0)
	show(t, n, desktop.Notice{ID: "k1", Title: "today"})
	if displayed, shown := b.ctl("count", "displayed"), b.ctl("count", "history"); displayed != "1" || shown != "4" {
		t.Errorf("%s are displayed, %s are in the history", displayed, shown)
	}
}

// waitClosed waits until so many are on the screen.
func (b *privateBus) waitClosed(left int) {
	b.t.Helper()
	within(b.t, "closing", func() bool { return b.ctl("count", "displayed") == fmt.Sprint(left) })
}

// A click says which notice it was.
func TestClickIsHeard(t *testing.T) {
	b := onBus(t)
	b.screen()
	b.dunst()
	n, clicks := notifier(t, 0)
	clicked := func(want string) {
		t.Helper()
		select {
		case got := <-clicks:
			if got != want {
				t.Errorf("clicked %q, want %q", got, want)
			}
		case <-time.After(waitLimit):
			t.Fatalf("no click of %q was heard", want)
		}
	}
	for _, id := range []string{"key/1", "", "नया", "key/1"} {
		show(t, n, desktop.Notice{ID: id, Title: "An API key expires"})
		b.ctl("action", "0")
		clicked(id)
		b.ctl("close-all")
	}
	// Replaced ones keep what they are.
	show(t, n, desktop.Notice{ID: "k1", Title: "14 days"})
	show(t, n, desktop.Notice{ID: "k1", Title: "3 days"})
	b.ctl("action", "0")
	clicked("k1")
	// What another program shows is not ours to hear.
	b.ctl("close-all")
	foreign := b.conn()
	var number uint32
	if err := foreign.Object(daemonName, daemonPath).Call(daemonName+".Notify", 0, "other", uint32(0), "", "foreign", "",
		[]string{"default", "Open"}, map[string]dbus.Variant{}, int32(-1)).Store(&number); err != nil {
		t.Fatal(err)
	}
	b.ctl("action", "0")
	show(t, n, desktop.Notice{ID: "last", Title: "An API key expires"})
	b.ctl("close-all")
	show(t, n, desktop.Notice{ID: "after", Title: "An API key expires"})
	b.ctl("action", "0")
	clicked("after")
	if len(clicks) != 0 {
		t.Errorf("heard too: %q", <-clicks)
	}
}

// C29: without a notification daemon nothing breaks, and nothing has to be started
// again once there is one.
func TestNoDaemon(t *testing.T) {
	b := onBus(t)
	n, _ := notifier(t, 0)
	for range 3 {
		fails(t, n, desktop.ErrNoDaemon, atOnce)
	}
	b.screen()
	d := b.dunst()
	show(t, n, desktop.Notice{ID: "k1", Title: "now"})
	if displayed := b.ctl("count", "displayed"); displayed != "1" {
		t.Errorf("%s are displayed", displayed)
	}
	d.kill()
	fails(t, n, desktop.ErrNoDaemon, atOnce)
}

// atOnce is shorter than the limit of 5 s, and long enough for a busy machine.
const atOnce = 3 * time.Second

// fails wants Show to return a fault, within a time.
func fails(t *testing.T, n *desktop.Notifier, want error, limit time.Duration) {
	t.Helper()
	begin := time.Now()
	if err := n.Show(t.Context(), desktop.Notice{ID: "k1", Title: "An API key expires"}); !errors.Is(err, want) {
		t.Errorf("%v, want %v", err, want)
	}
	if took := time.Since(begin); took > limit {
		t.Errorf("it took %v, more than %v", took, limit)
	}
}

// A daemon that is installed is started by the bus. One that cannot be started
// counts as none, and one that does not get ready as one that does not answer.
func TestBusStartsTheDaemon(t *testing.T) {
	for _, c := range []struct {
		name, exec string
		want       error
	}{
		{"dunst", "/usr/bin/dunst", nil},
		{"ends at once", "/bin/false", desktop.ErrNoDaemon},
		{"is not there", "/nonexistent/daemon", desktop.ErrNoDaemon},
		{"does not get ready", "/bin/sleep 6", desktop.ErrTimedOut},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := unstarted(t)
			if c.want == nil {
				b.screen()
			}
			file := "[D-BUS Service]\nName=" + daemonName + "\nExec=" + c.exec + "\n"
			if err := os.WriteFile(filepath.Join(b.folder, "services", "daemon.service"), []byte(file), 0o600); err != nil {
				t.Fatal(err)
			}
			b.start()
			n, _ := notifier(t, 3*time.Second)
			if c.want != nil {
				fails(t, n, c.want, 5*time.Second)
				return
			}
			show(t, n, desktop.Notice{Title: "An API key expires"})
			if got := b.history(); len(got) != 1 || got[0].Summary != "An API key expires" {
				t.Errorf("%+v", got)
			}
			var pid uint32
			if err := b.conn().BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, daemonName).Store(&pid); err != nil || pid < 2 {
				t.Fatal(pid, err)
			}
			if err := syscall.Kill(int(pid), syscall.SIGTERM); err != nil {
				t.Error(err)
			}
			b.waitOwned(false)
		})
	}
	t.Run("may not be started", func(t *testing.T) {
		onBus(t, `<deny send_interface="org.freedesktop.DBus" send_member="StartServiceByName"/>`)
		n, _ := notifier(t, 0)
		fails(t, n, desktop.ErrNoDaemon, atOnce)
	})
}

// A daemon that was started again gives old numbers to other programs' notices:
// ours must not take their place.
func TestDaemonStartedAgain(t *testing.T) {
	b := onBus(t)
	b.screen()
	d := b.dunst()
	n, clicks := notifier(t, 0)
	for i := range 5 {
		show(t, n, desktop.Notice{ID: fmt.Sprint("k", i), Title: fmt.Sprint("before ", i)})
	}
	d.kill()
	b.dunst()
	foreign := b.conn()
	for i := range 6 {
		if err := foreign.Object(daemonName, daemonPath).Call(daemonName+".Notify", 0, "other", uint32(0), "", fmt.Sprint("foreign ", i), "",
			[]string{}, map[string]dbus.Variant{}, int32(-1)).Err; err != nil {
			t.Fatal(err)
		}
	}
	for i := range 5 {
		show(t, n, desktop.Notice{ID: fmt.Sprint("k", i), Title: fmt.Sprint("after ", i)})
	}
	count := map[string]int{}
	for _, one := range b.history() {
		count[strings.Fields(one.Summary)[0]]++
	}
	if count["foreign"] != 6 || count["after"] != 5 || count["before"] != 0 {
		t.Error(count)
	}
	show(t, n, desktop.Notice{ID: "k9", Title: "An API key expires"})
	b.ctl("action", "0")
	if got := <-clicks; got != "k9" {
		t.Errorf("clicked %q", got)
	}
}

// The bus goes away with everything on it, and comes back at the same address.
func TestBusComesBack(t *testing.T) {
	b := onBus(t)
	b.screen()
	b.dunst()
	n, clicks := notifier(t, 0)
	for round := range 3 {
		show(t, n, desktop.Notice{ID: "k1", Title: fmt.Sprint("round ", round)})
		b.ctl("action", "0")
		if got := <-clicks; got != "k1" {
			t.Errorf("clicked %q", got)
		}
		b.kill()
		if round == 1 { // also where nobody looked while it was away
			fails(t, n, desktop.ErrNoBus, atOnce)
		}
		b.start()
		b.dunst()
	}
	show(t, n, desktop.Notice{ID: "k1", Title: "last"})
	if got := b.history(); len(got) != 1 || got[0].Summary != "last" {
		t.Errorf("%+v", got)
	}
}

// A daemon that hangs costs each notice its limit and nothing else. When it goes
// on, so do we.
func TestDaemonHangs(t *testing.T) {
	b := onBus(t)
	b.screen()
	d := b.dunst()
	n, _ := notifier(t, 500*time.Millisecond)
	within(t, "showing", func() bool { // the limit is short for a busy machine
		return n.Show(t.Context(), desktop.Notice{ID: "k1", Title: "before"}) == nil
	})
	if err := d.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		fails(t, n, desktop.ErrTimedOut, atOnce)
	}
	if err := d.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	within(t, "showing again", func() bool {
		return n.Show(t.Context(), desktop.Notice{ID: "k2", Title: "after"}) == nil
	})
}

// The same for the bus itself.
func TestBusHangs(t *testing.T) {
	b := onBus(t)
	b.screen()
	b.dunst()
	n, _ := notifier(t, 500*time.Millisecond)
	within(t, "showing", func() bool { // the limit is short for a busy machine
		return n.Show(t.Context(), desktop.Notice{ID: "k1", Title: "before"}) == nil
	})
	if err := b.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for range 3 { // with the connection that was there, then with new ones
		fails(t, n, desktop.ErrTimedOut, atOnce)
	}
	if err := b.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	within(t, "showing again", func() bool {
		return n.Show(t.Context(), desktop.Notice{ID: "k2", Title: "after"}) == nil
	})
}

// Many at once are all shown, and each takes its turn within its own limit.
func TestManyAtOnce(t *testing.T) {
	b := onBus(t)
	b.screen()
	b.dunst()
	n, _ := notifier(t, 0)
	var all sync.WaitGroup
	for i := range 15 {
		all.Go(func() {
			if err := n.Show(t.Context(), desktop.Notice{ID: fmt.Sprint(i), Title: fmt.Sprint("key ", i)}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	titles := map[string]bool{}
	for _, one := range b.history() {
		titles[one.Summary] = true
	}
	if len(titles) != 15 {
		t.Errorf("%d were shown: %v", len(titles), titles)
	}
}
