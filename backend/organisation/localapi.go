package organisation

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// LocalAPIKind is the word of the local API in activity, and of what its door
// follows.
const LocalAPIKind = "local_api"

// DefaultPort is where the local API listens if nothing else was chosen.
const DefaultPort = 7373

// LocalAPI is the settings of the local API.
type LocalAPI struct {
	On   bool `json:"on"`
	Port int  `json:"port" validate:"min=1024,max=65535"`
	// PerMinute is how many requests a key without a limit of its own may make a
	// minute.
	PerMinute int `json:"per_minute" validate:"min=1,max=100000"`
	// Network opens it to other machines of the office, over TLS, on Addresses.
	Network   bool     `json:"network"`
	Addresses []string `json:"addresses" validate:"max=10,dive,ip"`
	// Names are host names that it is also called by.
	Names []string `json:"names" validate:"max=20,dive,max=253"`
}

// Listening is what the local API's door does at the moment.
type Listening struct {
	// Addresses are those it answers at, as "https://192.168.1.20:7373".
	Addresses []string `json:"addresses"`
	// Code, Message and Hint say why it does not listen; "" where it does, or is
	// off.
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// LocalAPIState is the settings with what is in force.
type LocalAPIState struct {
	Settings  LocalAPI  `json:"settings"`
	Version   int       `json:"version"`
	Listening Listening `json:"listening"`
}

// SaveLocalAPIInput changes the settings of the local API.
type SaveLocalAPIInput struct {
	Settings LocalAPI `json:"settings"`
	Version  int      `json:"version"`
}

// Running is what every signed-in person sees at the frame.
type Running struct {
	// LocalAPI says that programs can call; Port is where.
	LocalAPI bool `json:"local_api"`
	Port     int  `json:"port"`
	// Problem says why it does not listen although it is on.
	Problem string `json:"problem"`
	Paused  bool   `json:"paused"`
}

// Pause stops all sending but by a person at the window.
type Pause struct {
	Paused  bool   `json:"paused"`
	SinceMs int64  `json:"since_ms"`
	By      string `json:"by"`
}

// PauseInput pauses or goes on.
type PauseInput struct {
	Paused bool `json:"paused"`
}

// Retention is how long things are kept, in days.
type Retention struct {
	Calls  int `json:"calls" validate:"min=1,max=3650"`
	Access int `json:"access" validate:"min=1,max=3650"`
}

// RetentionState is the retention with its version.
type RetentionState struct {
	Retention Retention `json:"retention"`
	Version   int       `json:"version"`
}

var mayLookAtAPI = []access.Permission{access.ManageSettings, access.ViewKey}

// Operations of the local API's settings, of the pause and of retention.
var (
	// OpDoor is for the door of the local API: where to listen.
	OpDoor          = access.Op[Nothing, LocalAPI]{Name: "organisation.door", Does: "opened the local API", Mode: access.Read, Public: true, Door: access.API}
	OpLocalAPI      = access.Op[Nothing, LocalAPIState]{Name: "organisation.local_api", Does: "looked at the local API", Mode: access.Read, Any: mayLookAtAPI}
	OpSaveLocalAPI  = access.Op[SaveLocalAPIInput, LocalAPIState]{Name: "organisation.save_local_api", Does: "changed the local API", Mode: access.Write, Needs: []access.Permission{access.ManageSettings}, AsksFresh: true, AsksHeld: true}
	OpRunning       = access.Op[Nothing, Running]{Name: "organisation.running", Does: "looked at what runs", Mode: access.Read, Needs: []access.Permission{access.SignedIn}}
	OpPause         = access.Op[PauseInput, Pause]{Name: "organisation.pause", Does: "paused or resumed sending", Mode: access.Write, Needs: []access.Permission{access.ManageSettings, access.OrgAdminOnly}}
	OpRetention     = access.Op[Nothing, RetentionState]{Name: "organisation.retention", Does: "looked at the retention", Mode: access.Read, Needs: []access.Permission{access.ManageSettings}}
	OpSaveRetention = access.Op[RetentionState, RetentionState]{Name: "organisation.save_retention", Does: "changed the retention", Mode: access.Write, Needs: []access.Permission{access.ManageSettings}}
)

// ErrPaused is returned for what a program sends while sending is paused.
var ErrPaused = fault.New(fault.Unavailable, "organisation.paused", "Sending is paused in this office.").
	WithHint("An Org Admin can go on under Settings, Local API.")

// Certificates are what callers of the office network are shown.
type Certificates interface {
	// Certify makes one if there is none, and names the hosts that the one in force
	// lacks. The context carries the transaction.
	Certify(ctx context.Context, addresses, names []string) (missing []string, err error)
}

// CertifiesWith sets where the certificate comes from when the office network is
// opened.
func (s *Service) CertifiesWith(certificates Certificates) { s.certificates = certificates }

// pausedRetry is when it is worth to ask again while sending is paused: nobody knows
// when it goes on.
const pausedRetry = time.Minute

// ListensWith sets how the settings screen learns what the door does.
func (s *Service) ListensWith(state func() Listening) { s.listening = state }

func (s *Service) listens() Listening {
	if s.listening == nil {
		return Listening{Addresses: []string{}, Code: "organisation.no_door", Message: "This program has no local API.", Hint: ""}
	}
	state := s.listening()
	if state.Addresses == nil {
		state.Addresses = []string{}
	}
	return state
}

// LocalAPISettings returns the settings in force.
func (s *Service) LocalAPISettings(ctx context.Context) (LocalAPI, error) {
	return remembered(ctx, s, func(d *documents) **LocalAPI { return &d.localAPI }, func(ctx context.Context) (LocalAPI, error) {
		settings, _, err := s.readLocalAPI(ctx)
		return settings, err
	})
}

// Door returns the settings in force, for the door.
func (s *Service) Door(ctx context.Context, _ Nothing) (LocalAPI, error) {
	return s.LocalAPISettings(ctx)
}

func (s *Service) readLocalAPI(ctx context.Context) (LocalAPI, int, error) {
	usual := LocalAPI{Port: DefaultPort, PerMinute: 600, Addresses: []string{}, Names: []string{}}
	settings := usual
	version, err := s.document(ctx, localAPISetting, &settings)
	if errors.Is(err, errUnreadable) {
		return usual, version, nil
	}
	return settings, version, err
}

// LocalAPI returns the settings and what the door does.
func (s *Service) LocalAPI(ctx context.Context, _ Nothing) (LocalAPIState, error) {
	settings, version, err := s.readLocalAPI(ctx)
	return LocalAPIState{Settings: settings, Version: version, Listening: s.listens()}, err
}

// SaveLocalAPI changes the settings. The door follows before the page reads them
// again. What concerns the office network needs an Org Admin with a fresh
// password. Faults: organisation.invalid, organisation.stale, user.beyond_you,
// access.password_needed.
func (s *Service) SaveLocalAPI(ctx context.Context, in SaveLocalAPIInput) (LocalAPIState, error) {
	before, version, err := s.readLocalAPI(ctx)
	if err != nil {
		return LocalAPIState{}, err
	}
	after := in.Settings
	if err := after.check(); err != nil {
		return LocalAPIState{}, err
	}
	if before.Network != after.Network || after.Network && !(slices.Equal(before.Addresses, after.Addresses) && slices.Equal(before.Names, after.Names)) {
		if err := access.From(ctx).RequireHeld("Opening the local API to the office network", access.Set{}, true); err != nil {
			return LocalAPIState{}, access.ErrForbidden.WithMessage("Only an Org Admin may change who on the network can call.").WithHint("Ask an Org Admin to do it.")
		}
		if err := access.From(ctx).RequireFresh("Enter your password to change who on the network can call."); err != nil {
			return LocalAPIState{}, err
		}
	}
	if in.Version != version {
		return LocalAPIState{}, ErrStale
	}
	if err := s.certify(ctx, after); err != nil {
		return LocalAPIState{}, err
	}
	if err := s.keepDocument(ctx, localAPISetting, version, after); err != nil {
		return LocalAPIState{}, err
	}
	access.From(ctx).Changed(LocalAPIKind, "1", "Local API", before, after)
	return LocalAPIState{Settings: after, Version: version + 1, Listening: s.listens()}, nil
}

// certify makes sure that the office network is opened with a certificate that
// fits. Faults: organisation.invalid.
func (s *Service) certify(ctx context.Context, after LocalAPI) error {
	if !after.Network {
		return nil
	}
	missing, err := s.certificates.Certify(ctx, after.Addresses, after.Names)
	if err != nil {
		return err
	}
	var fields fault.Fields
	for _, host := range missing {
		at := "settings.names"
		if slices.Contains(after.Addresses, host) {
			at = "settings.addresses"
		}
		fields.Add(at, "The certificate that was given does not hold %s. Give another one first, or go back to the office's own.", host)
	}
	return fields.Err("organisation.invalid")
}

var hostName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// check cleans the settings. Beyond loopback there has to be an address.
func (a *LocalAPI) check() error {
	var fields fault.Fields
	addresses := []string{}
	for _, text := range a.Addresses {
		one, err := netip.ParseAddr(strings.TrimSpace(text))
		switch {
		case err != nil || one.Zone() != "":
			fields.Add("settings.addresses", "%q is not an address of this computer, such as 192.168.1.20.", text)
		case one.IsUnspecified() || one.IsMulticast():
			fields.Add("settings.addresses", "Name each address; %s would be all of them.", text)
		case one.IsLoopback():
			// It listens there anyway.
		default:
			addresses = append(addresses, one.Unmap().String())
		}
	}
	names := []string{}
	for _, text := range a.Names {
		name := strings.ToLower(strings.TrimSuffix(strings.TrimSpace(text), "."))
		if name == "" {
			continue
		}
		if !hostName.MatchString(name) {
			fields.Add("settings.names", "%q is not a host name such as keydesk.office.example.", text)
			continue
		}
		names = append(names, name)
	}
	a.Addresses, a.Names = slices.Compact(addresses), slices.Compact(names)
	if a.Network && len(a.Addresses) == 0 && len(fields) == 0 {
		fields.Add("settings.addresses", "Enter the address of this computer in the office network.")
	}
	return fields.Err("organisation.invalid")
}

// NetworkAddresses are Addresses as they are compared and listened on. What is no
// address is left out: it was not written by Keydesk.
func (a LocalAPI) NetworkAddresses() []netip.Addr {
	var addresses []netip.Addr
	for _, text := range a.Addresses {
		if one, err := netip.ParseAddr(text); err == nil {
			addresses = append(addresses, one.Unmap())
		}
	}
	return addresses
}

// Running says what the frame shows.
func (s *Service) Running(ctx context.Context, _ Nothing) (Running, error) {
	settings, err := s.LocalAPISettings(ctx)
	if err != nil {
		return Running{}, err
	}
	pause, err := s.paused(ctx)
	if err != nil {
		return Running{}, err
	}
	state := s.listens()
	out := Running{LocalAPI: settings.On && len(state.Addresses) > 0, Port: settings.Port, Paused: pause.Paused}
	if settings.On {
		out.Problem = state.Message
	}
	return out, nil
}

func (s *Service) paused(ctx context.Context) (Pause, error) {
	return remembered(ctx, s, func(d *documents) **Pause { return &d.pause }, func(ctx context.Context) (pause Pause, err error) {
		pause, _, err = s.readPause(ctx)
		return pause, err
	})
}

func (s *Service) readPause(ctx context.Context) (pause Pause, version int, err error) {
	version, err = s.document(ctx, pauseSetting, &pause)
	if errors.Is(err, errUnreadable) {
		return Pause{Paused: true}, version, nil
	}
	return pause, version, err
}

// MaySend refuses what anybody but a person sends while sending is paused.
// Faults: organisation.paused.
func (s *Service) MaySend(ctx context.Context) error {
	if access.From(ctx).Caller.Kind == access.Person {
		return nil
	}
	// Not from memory, which learns of a pause after its commit: a message that is
	// written in a transaction after that must see it.
	pause, _, err := s.readPause(ctx)
	if err == nil && pause.Paused {
		err = ErrPaused.WithRetryAfter(pausedRetry)
	}
	return err
}

// Pause pauses all sending by other systems and by the clock, or goes on.
func (s *Service) Pause(ctx context.Context, in PauseInput) (Pause, error) {
	before, version, err := s.readPause(ctx)
	if err != nil {
		return Pause{}, err
	}
	after := Pause{}
	if in.Paused {
		after = Pause{Paused: true, SinceMs: s.now().UnixMilli(), By: access.From(ctx).Caller.Name}
	}
	if err := s.keepDocument(ctx, pauseSetting, version, after); err != nil {
		return Pause{}, err
	}
	name := "Sending goes on"
	if in.Paused {
		name = "Sending paused"
	}
	access.From(ctx).Changed("organisation", "1", name, map[string]bool{"paused": before.Paused}, map[string]bool{"paused": after.Paused})
	return after, nil
}

// mostKept is how many days things are kept at the most.
const mostKept = 3650

// Kept returns for how long calls and access rows are kept. It fails for what nobody
// could have saved: then nothing must be removed.
func (s *Service) Kept(ctx context.Context) (calls, accessRows time.Duration, err error) {
	kept, err := remembered(ctx, s, func(d *documents) **Retention { return &d.retention }, func(ctx context.Context) (Retention, error) {
		kept, _, err := s.readRetention(ctx)
		if err == nil && (min(kept.Calls, kept.Access) < 1 || max(kept.Calls, kept.Access) > mostKept) {
			err = fmt.Errorf("%w: %s is out of range", errUnreadable, retentionSetting)
		}
		return kept, err
	})
	const day = 24 * time.Hour
	return time.Duration(kept.Calls) * day, time.Duration(kept.Access) * day, err
}

// Retention returns how long things are kept.
func (s *Service) Retention(ctx context.Context, _ Nothing) (RetentionState, error) {
	kept, version, err := s.readRetention(ctx)
	if errors.Is(err, errUnreadable) {
		kept, err = usualRetention, nil
	}
	return RetentionState{Retention: kept, Version: version}, err
}

var usualRetention = Retention{Calls: 90, Access: 90}

func (s *Service) readRetention(ctx context.Context) (Retention, int, error) {
	kept := usualRetention
	version, err := s.document(ctx, retentionSetting, &kept)
	return kept, version, err
}

// SaveRetention changes how long things are kept. What is older goes within a day.
// Faults: organisation.stale.
func (s *Service) SaveRetention(ctx context.Context, in RetentionState) (RetentionState, error) {
	before, err := s.Retention(ctx, Nothing{})
	if err != nil {
		return RetentionState{}, err
	}
	if in.Version != before.Version {
		return RetentionState{}, ErrStale
	}
	if err := s.keepDocument(ctx, retentionSetting, in.Version, in.Retention); err != nil {
		return RetentionState{}, err
	}
	access.From(ctx).Changed("organisation", "1", "Retention", before.Retention, in.Retention)
	in.Version++
	return in, nil
}
