package vault_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// fakeService is a Secret Service that keeps one collection and misbehaves as
// told. It has its own connection.
type fakeService struct {
	t    *testing.T
	conn *dbus.Conn

	mu      sync.Mutex
	mode    string
	items   map[string]*fakeItem // by profile
	twins   []*fakeItem          // further items of a name, found before the others
	clients []string             // the connections that opened a session, by their names on the bus
}

type fakeItem struct {
	service *fakeService
	path    dbus.ObjectPath
	profile string
	value   []byte
}

// wireSecret is the Secret structure of the Secret Service API.
type wireSecret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

const promptPath = dbus.ObjectPath("/org/freedesktop/secrets/prompt/p1")

func newFakeService(t *testing.T) *fakeService {
	t.Helper()
	f := &fakeService{t: t, mode: "works", items: map[string]*fakeItem{}}
	f.appear()
	t.Cleanup(func() { _ = f.conn.Close() })
	return f
}

// appear puts the service on the bus, also after it had left.
func (f *fakeService) appear() {
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		f.t.Fatal(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.conn = conn
	export := func(v any, path dbus.ObjectPath, name string) {
		if err := conn.Export(v, path, name); err != nil {
			f.t.Fatal(err)
		}
	}
	export(f, servicePath, "org.freedesktop.Secret.Service")
	export(properties{f, ""}, servicePath, "org.freedesktop.DBus.Properties")
	export(fakeCollection{f}, loginPath, "org.freedesktop.Secret.Collection")
	export(properties{f, ""}, loginPath, "org.freedesktop.DBus.Properties")
	export(fakePrompt{f}, promptPath, "org.freedesktop.Secret.Prompt")
	for _, item := range f.items {
		f.exportItem(item)
	}
	if reply, err := conn.RequestName(secretService, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		f.t.Fatal(reply, err)
	}
}

func (f *fakeService) exportItem(item *fakeItem) {
	_ = f.conn.Export(item, item.path, "org.freedesktop.Secret.Item")
	_ = f.conn.Export(properties{f, item.path}, item.path, "org.freedesktop.DBus.Properties")
}

// addTwin adds another item under a name, which a search finds first.
func (f *fakeService) addTwin(profile string, value []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	twin := &fakeItem{service: f, profile: profile, value: value, path: dbus.ObjectPath(fmt.Sprintf("/org/freedesktop/secrets/collection/login/twin%d", len(f.twins)))}
	f.twins = append(f.twins, twin)
	f.exportItem(twin)
}

func (f *fakeService) is(modes ...string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, mode := range modes {
		if f.mode == mode {
			return true
		}
	}
	return false
}

func (f *fakeService) become(mode string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mode = mode
}

// contents returns what the keyring holds, to check that nothing changed.
func (f *fakeService) contents() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all strings.Builder
	for _, name := range []string{"Keydesk " + installation, "Keydesk " + installation + " (2)"} {
		if item := f.items[name]; item != nil {
			all.WriteString(name + "=" + string(item.value) + "\n")
		}
	}
	return all.String()
}

var (
	isLocked = dbus.NewError("org.freedesktop.Secret.Error.IsLocked", []any{"locked"})
	refused  = dbus.NewError("org.freedesktop.DBus.Error.AccessDenied", []any{"no"})
)

func (f *fakeService) OpenSession(sender dbus.Sender, _ string, _ dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	f.mu.Lock()
	if client := string(sender); !slices.Contains(f.clients, client) {
		f.clients = append(f.clients, client)
	}
	f.mu.Unlock()
	switch {
	case f.is("slow"):
		time.Sleep(700 * time.Millisecond)
	case f.is("refuses to open"):
		return dbus.MakeVariant(""), "/", refused
	case f.is("disappears"):
		f.mu.Lock()
		defer f.mu.Unlock()
		_ = f.conn.Close()
	}
	return dbus.MakeVariant(""), "/org/freedesktop/secrets/session/s1", nil
}

func (f *fakeService) Unlock(objects []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	if f.is("silent prompt", "dismissed unlock") {
		return nil, promptPath, nil
	}
	return nil, "/", nil
}

type properties struct {
	f    *fakeService
	item dbus.ObjectPath
}

func (p properties) Get(_, name string) (dbus.Variant, *dbus.Error) {
	switch name {
	case "Collections":
		if p.f.is("nonsense") {
			return dbus.MakeVariant("not a list"), nil
		}
		return dbus.MakeVariant([]dbus.ObjectPath{loginPath}), nil
	case "Locked":
		return dbus.MakeVariant(p.f.is("locked", "silent prompt", "dismissed unlock")), nil
	default:
		return dbus.MakeVariant(""), nil
	}
}

type fakeCollection struct{ f *fakeService }

func (c fakeCollection) SearchItems(attributes map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	paths := []dbus.ObjectPath{}
	for _, twin := range c.f.twins {
		if twin.profile == attributes["profile"] {
			paths = append(paths, twin.path)
		}
	}
	if item := c.f.items[attributes["profile"]]; item != nil && c.f.mode != "forgets" {
		paths = append(paths, item.path)
	}
	return paths, nil
}

func (c fakeCollection) CreateItem(properties map[string]dbus.Variant, secret wireSecret, _ bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	switch {
	case c.f.is("locked", "dismissed unlock"):
		return "/", "/", isLocked
	case c.f.is("refuses"):
		return "/", "/", refused
	case c.f.is("dismissed", "silent prompt"):
		return "/", promptPath, nil
	}
	attributes := properties["org.freedesktop.Secret.Item.Attributes"].Value().(map[string]string)
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	item := &fakeItem{
		service: c.f, profile: attributes["profile"], value: secret.Value,
		path: dbus.ObjectPath("/org/freedesktop/secrets/collection/login/" + strings.NewReplacer(" ", "_", "-", "_", "(", "_", ")", "_").Replace(attributes["profile"])),
	}
	c.f.items[item.profile] = item
	c.f.exportItem(item)
	return item.path, "/", nil
}

func (i *fakeItem) GetSecret(session dbus.ObjectPath) (wireSecret, *dbus.Error) {
	i.service.mu.Lock()
	defer i.service.mu.Unlock()
	answer := wireSecret{session, nil, i.value, "application/json"}
	switch i.service.mode {
	case "locked", "dismissed unlock":
		return wireSecret{Session: "/"}, isLocked
	case "refuses":
		return wireSecret{Session: "/"}, refused
	case "not ours":
		answer.Value = []byte("\x00\xff not what was put in")
	case "swapped":
		answer.Value = []byte(`{"Key":"x","Data":"c29tZXRoaW5nIGVsc2U="}`)
	case "wrong shape":
		answer.Value = []byte(`["a list"]`)
	case "another key":
		answer.Value = []byte(`{"Key":"x","Data":"a2V5ZGVzazE6QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQT0="}`)
	case "huge":
		answer.Value = []byte(`{"Key":"x","Data":"` + strings.Repeat("QUFB", 32<<10) + `"}`)
	}
	return answer, nil
}

func (i *fakeItem) Delete() (dbus.ObjectPath, *dbus.Error) {
	i.service.mu.Lock()
	defer i.service.mu.Unlock()
	if at := slices.Index(i.service.twins, i); at >= 0 {
		i.service.twins = slices.Delete(i.service.twins, at, at+1)
		return "/", nil
	}
	delete(i.service.items, i.profile)
	return "/", nil
}

type fakePrompt struct{ f *fakeService }

// Prompt answers only the caller, as GNOME Keyring does: the library sees no
// other signal.
func (p fakePrompt) Prompt(sender dbus.Sender, _ string) *dbus.Error {
	if p.f.is("silent prompt") {
		return nil
	}
	go func() {
		time.Sleep(10 * time.Millisecond) // the library listens only after the answer to its call
		body := []any{true, dbus.MakeVariant("")}
		p.f.conn.Send(&dbus.Message{
			Type: dbus.TypeSignal,
			Headers: map[dbus.HeaderField]dbus.Variant{
				dbus.FieldPath:        dbus.MakeVariant(promptPath),
				dbus.FieldInterface:   dbus.MakeVariant("org.freedesktop.Secret.Prompt"),
				dbus.FieldMember:      dbus.MakeVariant("Completed"),
				dbus.FieldDestination: dbus.MakeVariant(string(sender)),
				dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(body...)),
			},
			Body: body,
		}, nil)
	}()
	return nil
}
