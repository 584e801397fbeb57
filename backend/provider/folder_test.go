package provider_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/provider"
	"keydesk/backend/store"
)

// folderDesk is the service over a real database, with a folder from which files are
// taken in.
type folderDesk struct {
	t      *testing.T
	store  *store.Store
	folder string
	*provider.Service
}

func newFolderDesk(t *testing.T) *folderDesk {
	t.Helper()
	s := store.New(t.TempDir())
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	folder := t.TempDir()
	return &folderDesk{t: t, store: s, folder: folder, Service: provider.NewService(provider.New(s), s, folder, time.Now)}
}

func (s *folderDesk) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.folder, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// start takes in the folder as the start of the program does, and gives what is
// reported to activity.
func (s *folderDesk) start() (taken provider.TakenIn, told []string) {
	s.t.Helper()
	invocation := &access.Invocation{}
	err := s.store.InTx(access.With(context.Background(), invocation), func(ctx context.Context) (err error) {
		taken, err = s.TakeIn(ctx, struct{}{})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, change := range invocation.TakeChanges() {
		told = append(told, change.ID)
	}
	s.Forget()
	if err := s.MoveAside(taken); err != nil {
		s.t.Fatal(err)
	}
	return taken, told
}

func (s *folderDesk) files() []string {
	s.t.Helper()
	entries, err := os.ReadDir(s.folder)
	if err != nil {
		s.t.Fatal(err)
	}
	names := []string{}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func (s *folderDesk) faults() map[string]string {
	s.t.Helper()
	list, err := s.All(context.Background(), provider.ListInput{})
	if err != nil {
		s.t.Fatal(err)
	}
	told := map[string]string{}
	for _, one := range list.Faults {
		told[one.File] += one.Reason
	}
	return told
}

// Good files of the folder are taken in and moved aside; faulty ones stay and are
// listed. The id of a built-in provider is refused, and of two files with one id
// the same one is used at each start.
func TestFolderIsTakenIn(t *testing.T) {
	s := newFolderDesk(t)
	s.write("acme.yaml", own)
	s.write("broken.yml", "format: [")
	s.write("stolen.yaml", strings.Replace(own, "id: acme-sms", "id: twilio-sms", 1))
	s.write("twice.yaml", "# Another one.\n"+own)
	s.write("large.yaml", "#"+strings.Repeat("x", provider.MaxFile+10))
	s.write("notes.txt", "not a provider")
	s.write(".hidden.yaml", "not a provider")
	if err := os.Symlink("/etc/hostname", filepath.Join(s.folder, "link.yaml")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get("acme-sms"); fault.From(err).Code != "provider.not_found" {
		t.Errorf("used before it was taken in: %v", err)
	}
	if list, err := s.All(t.Context(), provider.ListInput{}); err != nil || !slices.Equal(list.Waiting, []string{"acme.yaml"}) {
		t.Errorf("waiting: %v, %v", list.Waiting, err)
	}
	if taken, told := s.start(); !slices.Equal(taken.Files, []string{"acme.yaml"}) || taken.New != 1 || !slices.Equal(told, []string{"acme-sms"}) {
		t.Errorf("%+v, told %v", taken, told)
	}
	if p, err := s.Get("acme-sms"); err != nil || p.BuiltIn {
		t.Error(err)
	}
	if p, err := s.Get("twilio-sms"); err != nil || !p.BuiltIn || p.Name != "Twilio SMS" {
		t.Errorf("%v %v", p, err)
	}
	stay := []string{".hidden.yaml", "broken.yml", "large.yaml", "link.yaml", "notes.txt", "stolen.yaml", "taken in", "twice.yaml"}
	for range 2 {
		if files := s.files(); !slices.Equal(files, stay) {
			t.Errorf("in the folder: %v", files)
		}
		want := map[string]string{"broken.yml": "not valid YAML", "stolen.yaml": "belongs to a built-in provider", "twice.yaml": "already has the id",
			"large.yaml": "can have 262144", "link.yaml": "not a plain file"}
		for file, reason := range s.faults() {
			if part, expected := want[file]; !expected || !strings.Contains(reason, part) {
				t.Errorf("unexpected: %s: %s", file, reason)
			}
			delete(want, file)
		}
		if len(want) > 0 {
			t.Errorf("not told: %v", want)
		}
		if taken, told := s.start(); len(taken.Files) != 0 || len(told) != 0 {
			t.Errorf("a second start: %+v, told %v", taken, told)
		}
	}
	aside, err := os.ReadFile(filepath.Join(s.folder, "taken in", "acme.yaml"))
	if err != nil || string(aside) != own {
		t.Errorf("another file was moved aside: %v", err)
	}

	// A higher version replaces what is stored.
	s.write("newer.yaml", strings.Replace(own, "version: 1", "version: 2", 1))
	s.start()
	if p, err := s.Get("acme-sms"); err != nil || p.Version != 2 {
		t.Errorf("after a newer file: %+v, %v", p, err)
	}
}

// After a stop between the commit and the move the file is found again. Nothing is
// changed or reported twice, and the file is moved then.
func TestStopBeforeAFileIsMovedAside(t *testing.T) {
	s := newFolderDesk(t)
	s.write("acme.yaml", own)
	s.start()
	if err := os.Rename(filepath.Join(s.folder, "taken in", "acme.yaml"), filepath.Join(s.folder, "acme.yaml")); err != nil {
		t.Fatal(err)
	}
	if taken, told := s.start(); taken.New != 0 || len(told) != 0 {
		t.Errorf("%+v, told %v", taken, told)
	}
	if files := s.files(); !slices.Equal(files, []string{"taken in"}) {
		t.Errorf("in the folder: %v", files)
	}
}

// A stored file that this Keydesk cannot read is named with the reason, leaves
// the others alone, and can be replaced or removed.
func TestStoredFileThatCannotBeRead(t *testing.T) {
	s := newFolderDesk(t)
	s.write("acme.yaml", own)
	s.start()
	put := func(id, text string) {
		t.Helper()
		if err := s.store.InTx(t.Context(), func(ctx context.Context) error { return s.store.PutProviderFile(ctx, id, text, 1, 1) }); err != nil {
			t.Fatal(err)
		}
		s.Forget()
	}
	put("old-sms", strings.Replace(strings.Replace(own, "id: acme-sms", "id: old-sms", 1), "format: 1", "format: 0", 1))
	if _, err := s.Get("acme-sms"); err != nil {
		t.Error(err)
	}
	if reason := s.faults()["old-sms.yaml"]; !strings.Contains(reason, "format must be 1") || !strings.Contains(reason, "add a corrected one") {
		t.Errorf("told %q", reason)
	}
	err := s.store.InTx(access.With(t.Context(), &access.Invocation{}), func(ctx context.Context) error {
		_, err := s.Delete(ctx, provider.IDInput{ID: "old-sms"})
		return err
	})
	if s.Forget(); err != nil || len(s.faults()) != 0 {
		t.Errorf("removed: %v, %v", err, s.faults())
	}
}

// unreadable is a store that cannot be read for a while.
type unreadable struct {
	*store.Store
	err error
}

func (u *unreadable) ProviderFiles(ctx context.Context) (map[string]string, error) {
	if u.err != nil {
		return nil, u.err
	}
	return u.Store.ProviderFiles(ctx)
}

// While the users' files cannot be read there are the built-in ones and a fault,
// and afterwards all of them.
func TestOwnFilesThatCannotBeReadForAWhile(t *testing.T) {
	s := newFolderDesk(t)
	s.write("acme.yaml", own)
	s.start()
	u := &unreadable{s.store, errors.New("busy")}
	c := provider.New(u)
	if _, err := c.Get("acme-sms"); err == nil || len(c.Faults()) != 1 || len(c.List()) != 20 {
		t.Errorf("%v, %v, %d", err, c.Faults(), len(c.List()))
	}
	u.err = nil
	if _, err := c.Get("acme-sms"); err != nil || len(c.Faults()) != 0 || len(c.List()) != 21 {
		t.Errorf("%v, %v, %d", err, c.Faults(), len(c.List()))
	}
}
