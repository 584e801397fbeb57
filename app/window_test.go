package app

import (
	"database/sql"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keydesk/backend"
	"keydesk/backend/host"
	"keydesk/backend/store"
)

func TestOnlyPlainHTTPSLinksAreOpened(t *testing.T) {
	for link, allowed := range map[string]bool{
		"https://www.twilio.com/docs":                 true,
		"https://[2001:db8::1]/":                      true,
		"http://www.twilio.com/":                      false,
		"file:///etc/passwd":                          false,
		"javascript:alert(1)":                         false,
		"mailto:a@b.c":                                false,
		"https:///nowhere":                            false,
		"https://:443/":                               false,
		"https://www.twilio.com@evil.test/":           false,
		"https://user:pass@www.twilio.com/":           false,
		"//www.twilio.com/":                           false,
		"":                                            false,
		"https://a.test/" + strings.Repeat("x", 2048): false,
		"https://a.test/\x00":                         false,
	} {
		got, err := allowedLink(link)
		if allowed != (err == nil) {
			t.Errorf("%.60q: %v", link, err)
		}
		if !allowed && (got != nil || !errors.Is(err, ErrLinkRefused)) {
			t.Errorf("%.60q: %v, %v", link, got, err)
		}
	}
}

// The question shows the host that is opened, as in DNS, and nothing in it can turn
// or hide.
func TestALinkShowsItsHostAsInDNS(t *testing.T) {
	for link, want := range map[string]string{
		"https://docs.example.com/a":                        "docs.example.com",
		"https://example.com:8443/a":                        "example.com:8443",
		"https://bücher.example/a":                          "xn--bcher-kva.example",
		"https://b%C3%BCcher.example/a":                     "xn--bcher-kva.example",
		"https://xn--bcher-kva.example":                     "xn--bcher-kva.example",
		"https://аpple.com":                                 "xn--pple-43d.com", // its first letter is Cyrillic
		"https://example。com/":                              "example.com",
		"https://[2001:db8::1]/":                            "[2001:db8::1]",
		"https://192.0.2.1/":                                "192.0.2.1",
		"https://%E2%80%AEmoc.elpmaxe.evil.com":             "",
		"https://\u202Emoc.elpmaxe.evil.com":                "",
		"https://exa\u200Bmple.com":                         "",
		"https://exa%E2%80%8Bmple.com":                      "example.com",
		"https://example.com/\u202Efdp.exe":                 "",
		"https://example.com/a\u2028b":                      "",
		"https://example.com%0A/":                           "",
		"https://example.com%2F.evil.com":                   "",
		"https://example.com%20.evil.com":                   "",
		"https://[fe80::1%25eth0]/":                         "",
		"https://" + strings.Repeat("a.", 200) + "evil.com": "",
	} {
		got, err := allowedLink(link)
		if want == "" {
			if !errors.Is(err, ErrLinkRefused) {
				t.Errorf("%+q: %v, %v", link, got, err)
			}
			continue
		}
		if err != nil || got.Host != want || !strings.HasPrefix(got.String(), "https://"+want) {
			t.Errorf("%+q: %v, %v", link, got, err)
		}
	}
}

func TestALogWordCannotWriteALogLine(t *testing.T) {
	if got := word("set ups\nlevel=ERROR \"" + strings.Repeat("x", 100)); got != "setupslevelERROR"+strings.Repeat("x", 24) {
		t.Errorf("got %q", got)
	}
}

func TestASavedFileIsCompleteAndPrivate(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "recovery code.txt")
	for _, text := range []string{"first, longer", "second"} {
		if err := writeWhole(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("%q, %v", got, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := writeWhole(filepath.Join(dir, "none", "x"), nil); err == nil {
		t.Error("writing to a missing folder did not fail")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("something was left behind: %v, %v", left, err)
	}
}

func TestOnlyTextFilesWithinTheLimitAreRead(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if got, err := readText(write("bom.csv", "\ufeffname\nÄ🙂\n")); err != nil || got != "name\nÄ🙂\n" {
		t.Errorf("%q, %v", got, err)
	}
	for name, path := range map[string]string{
		"broken UTF-8": write("latin1.csv", "\xc4"),
		"too large":    write("large.csv", strings.Repeat("x", readLimit+1)),
		"missing":      filepath.Join(dir, "none.csv"),
		"a folder":     dir,
	} {
		if got, err := readText(path); got != "" || !errors.Is(err, ErrNotRead) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

func TestTheWindowHasAStateWithoutABackend(t *testing.T) {
	a := New(Config{Version: "1.2", DataDir: "/data", Stderr: os.Stderr})
	state, err := a.window.State()
	if err != nil || state.Phase != "opening" || state.Version != "1.2" || state.DataFolder != "/data" {
		t.Errorf("%+v, %v", state, err)
	}
	a = New(Config{DataDir: t.TempDir(), Stderr: os.Stderr, Backend: &standIn{failures: []error{ErrNotSaved}}})
	a.host.Start()
	defer a.close()
	if err := a.host.Opened(t.Context()); err == nil {
		t.Error("the failure was not reported")
	}
	state, err = a.window.State()
	if err != nil || state.Phase != "failed" || state.Code != "window.not_saved" || state.Message == "" || state.Hint == "" {
		t.Errorf("%+v, %v", state, err)
	}
}

// A person whose data is missing puts it back and tries again, or restores a copy
// that was kept before an update. The window says what there is to restore.
func TestTheWindowOpensAgainAndRestores(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "keydesk.db-wal"), []byte("frames"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := New(Config{DataDir: folder, Stderr: io.Discard, Backend: &standIn{}})
	a.host.Start()
	defer a.close()
	state, err := a.window.State()
	if err != nil || state.Phase != "failed" || state.Code != "store.lost" || len(state.Copies) != 0 || state.Copies == nil {
		t.Errorf("%+v, %v", state, err)
	}
	if err := a.window.Reopen(); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "keydesk.db.before-6"), []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	state, err = a.window.State()
	if err != nil || state.Phase != "failed" || len(state.Copies) != 1 || state.Copies[0].Name != "keydesk.db.before-6" || state.Copies[0].ChangedMs == 0 {
		t.Errorf("%+v, %v", state, err)
	}
	if err := a.window.RestoreCopy(RestoreCopyInput{Name: "keydesk.db.before-6"}); !errors.Is(err, store.ErrCopy) {
		t.Errorf("restoring what is no copy gave %v", err)
	}
	if err := os.Remove(filepath.Join(folder, "keydesk.db-wal")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(folder, "keydesk.db.before-6")); err != nil {
		t.Fatal(err)
	}
	if err := a.window.Reopen(); err != nil {
		t.Error(err)
	}
	if state, err = a.window.State(); err != nil || state.Phase != "open" {
		t.Errorf("%+v, %v", state, err)
	}
}

// RULES.md, Failures: the window offers to open a damaged file for reading, and the
// session says so as long as it is open.
func TestTheWindowOpensDamagedDataForReading(t *testing.T) {
	folder := t.TempDir()
	b := backend.New(backend.Options{Folder: folder})
	if err := errors.Join(b.Open(t.Context()), b.Close()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, store.FileName)
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	var page int
	err = db.QueryRow("SELECT rootpage FROM sqlite_schema WHERE name = 'outbox'").Scan(&page)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[(page-1)*4096] ^= 0x5a
	if err := errors.Join(os.WriteFile(path, data, 0o600), os.WriteFile(path+".open", nil, 0o600)); err != nil {
		t.Fatal(err)
	}

	a := New(Config{DataDir: folder, Stderr: io.Discard})
	a.host.Start()
	defer a.close()
	_ = a.host.Opened(t.Context())
	if state, err := a.window.State(); err != nil || state.Code != "store.corrupt" || !state.Readable {
		t.Errorf("%+v, %v", state, err)
	}
	if err := a.window.OpenForReading(); err != nil {
		t.Fatal(err)
	}
	if state, err := a.window.State(); err != nil || state.Phase != "open" || state.Readable {
		t.Errorf("%+v, %v", state, err)
	}
	if state, err := a.session().State(); err != nil || !state.ReadingOnly {
		t.Errorf("%+v, %v", state, err)
	}
	if err := a.window.OpenForReading(); !errors.Is(err, host.ErrNotDamaged) {
		t.Errorf("opening it once more gave %v", err)
	}
}
