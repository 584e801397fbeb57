// Package certificate is what the local API shows to the office network
// (RULES.md, Office network): a certificate that the office's own authority signs, or
// one that an Org Admin gave.
//
// The authority is made when the office network is first switched on. Its root
// certificate is public and can be saved as often as wanted; callers trust it once
// and for all. What it signs is made in memory for the addresses and names of the
// settings, lasts a week and is renewed daily, so that nobody has to think of it.
//
// Certificates are sealed together with their keys, although they are public, so
// that nobody who can write the database file can exchange one. What does not open
// is shown to nobody, and the office network stays closed.
package certificate

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// Where the sealed certificates are: one owner with a slot each.
const (
	ownerKind     = "certificate"
	ownerID       = "office"
	authoritySlot = "authority"
	givenSlot     = "given"
)

// Origin says whose certificate is shown. It is a plain text to the page, which has
// its own words for each.
type Origin = string

// The origins. None is an office that never opened its network.
const (
	None   Origin = "none"
	Office Origin = "office"
	Given  Origin = "given"
)

// Hosts are the addresses and names by which callers of the office network call.
type Hosts struct {
	Addresses []netip.Addr `json:"addresses"`
	Names     []string     `json:"names"`
}

// State is the certificate in force, for the settings.
type State struct {
	Origin Origin `json:"origin"`
	// Subject, Issuer, Fingerprint and the days are those of what callers trust:
	// the office's root certificate, or the certificate given. Fingerprint is
	// SHA-256 as OpenSSL prints it. UntilMs is the first moment when it is no longer
	// good.
	Subject     string `json:"subject"`
	Issuer      string `json:"issuer"`
	Fingerprint string `json:"fingerprint"`
	FromMs      int64  `json:"from_ms"`
	UntilMs     int64  `json:"until_ms"`
	// HasRoot says that there is a root certificate to save, also while another
	// certificate is shown.
	HasRoot bool `json:"has_root"`
	// Uncovered are addresses and names of the settings that a certificate given
	// does not hold: callers of these get an error.
	Uncovered []string `json:"uncovered"`
	// Code, Message and Hint say what is wrong, or will be soon; "" for nothing.
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// Root is the office's root certificate as a file to be saved.
type Root struct {
	Name        string `json:"name"`
	Text        string `json:"text"`
	Fingerprint string `json:"fingerprint"`
}

// GiveInput is a certificate made elsewhere, as PEM. Chain begins with the
// certificate itself; those of its issuers follow.
type GiveInput struct {
	Chain string      `json:"chain" validate:"required,max=65536"`
	Key   secret.Text `json:"key" ts_type:"string" validate:"required,max=16384"`
}

// Nothing is the input of operations without one.
type Nothing struct{}

var (
	mayLook  = []access.Permission{access.ManageSettings, access.ViewKey}
	orgAdmin = []access.Permission{access.ManageSettings, access.OrgAdminOnly}
)

// Operations of the certificate.
var (
	OpGet       = access.Op[Nothing, State]{Name: "certificate.get", Does: "looked at the certificate", Mode: access.Read, Any: mayLook}
	OpRoot      = access.Op[Nothing, Root]{Name: "certificate.root", Does: "saved the root certificate", Mode: access.Read, Any: mayLook}
	OpGive      = access.Op[GiveInput, State]{Name: "certificate.give", Does: "gave a certificate to", Mode: access.Write, Needs: orgAdmin, Fresh: true}
	OpUseOffice = access.Op[Nothing, State]{Name: "certificate.use_office", Does: "went back to the office's own certificate of", Mode: access.Write, Needs: orgAdmin, Fresh: true}
	OpRenewRoot = access.Op[Nothing, State]{Name: "certificate.renew_root", Does: "made a new root certificate for", Mode: access.Write, Needs: orgAdmin, Fresh: true}
)

// Faults of certificates.
var (
	ErrNone     = fault.New(fault.NotFound, "certificate.none", "The office has no root certificate.").WithHint("It is made when the office network is switched on for the first time, and an Org Admin can make a new one.")
	ErrNotGiven = fault.New(fault.Conflict, "certificate.not_given", "The office's own certificate is in force already.")
	ErrDamaged  = fault.New(fault.Unavailable, "certificate.damaged", "The certificate of the office network can no longer be read, so the office network stays closed.").
			WithHint("An Org Admin can make a new root certificate, or give a certificate again.")
	ErrExpired = fault.New(fault.Unavailable, "certificate.expired", "The certificate that was given has expired, so the office network stays closed.").
			WithHint("Give a newer one, or go back to the office's own.")
	ErrEarly = fault.New(fault.Unavailable, "certificate.early", "The certificate that was given is not good yet, so the office network stays closed.").
			WithHint("Look at the clock of this computer.")
	ErrRootExpired = fault.New(fault.Unavailable, "certificate.root_expired", "The office's root certificate has expired, so the office network stays closed.").
			WithHint("Make a new root certificate and give it to every caller.")
)

// What is only a warning while it has not happened.
var (
	errExpires     = fault.New(fault.Unavailable, "certificate.expires", "The certificate expires soon.").WithHint("Give a newer one, or go back to the office's own.")
	errRootExpires = fault.New(fault.Unavailable, "certificate.root_expires", "The office's root certificate expires soon.").
			WithHint("Make a new one when every caller can take it over: from then on the old one is not enough.")
	errUncovered = fault.New(fault.Invalid, "certificate.uncovered", "The certificate does not hold every address.").WithHint("Callers have to use one that it holds.")
)

// How long before its end a certificate is said to end.
const (
	warnGiven = 30 * 24 * time.Hour
	warnRoot  = 180 * 24 * time.Hour
)

// Secrets seals texts, each bound to its place. Put and Delete need a transaction.
type Secrets interface {
	Put(ctx context.Context, ownerKind, ownerID, slot string, text secret.Text) error
	Get(ctx context.Context, ownerKind, ownerID, slot string) (secret.Text, error)
	Delete(ctx context.Context, ownerKind, ownerID, slot string) error
	// Held lists what there is, without opening it.
	Held(ctx context.Context, ownerKind, ownerID string) (map[string]secret.Held, error)
}

// Settings are those of the office that certificates depend on.
type Settings interface {
	// Name is the organisation's.
	Name(ctx context.Context) (string, error)
	// Hosts are what the office network calls; open says that it may.
	Hosts(ctx context.Context) (hosts Hosts, open bool, err error)
}

// Service is the use cases. Safe for use by many goroutines.
type Service struct {
	secrets  Secrets
	settings Settings
	now      func() time.Time

	mu    sync.Mutex
	shown *shown // nil until the first handshake, and after a change
}

// New makes the service; it does no I/O.
func New(secrets Secrets, settings Settings, now func() time.Time) *Service {
	return &Service{secrets: secrets, settings: settings, now: now}
}

// origin says which certificate is in force, without opening any.
func (s *Service) origin(ctx context.Context) (current Origin, hasRoot bool, err error) {
	held, err := s.secrets.Held(ctx, ownerKind, ownerID)
	if err != nil {
		return None, false, err
	}
	_, hasRoot = held[authoritySlot]
	switch _, given := held[givenSlot]; {
	case given:
		return Given, hasRoot, nil
	case hasRoot:
		return Office, hasRoot, nil
	}
	return None, false, nil
}

// open reads one of the sealed certificates with its key. Faults:
// certificate.damaged.
func (s *Service) open(ctx context.Context, slot string) (*tls.Certificate, error) {
	text, err := s.secrets.Get(ctx, ownerKind, ownerID, slot)
	if err != nil {
		if fault.From(err).Code == "vault.locked" {
			return nil, err
		}
		return nil, ErrDamaged.WithCause(err)
	}
	// Both are in one text.
	one, err := tls.X509KeyPair([]byte(text.Reveal()), []byte(text.Reveal()))
	if err != nil {
		return nil, ErrDamaged.WithCause(fmt.Errorf("%s: the sealed certificate cannot be read", slot))
	}
	return &one, nil
}

// Get returns the certificate in force and what is wrong with it.
func (s *Service) Get(ctx context.Context, _ Nothing) (State, error) {
	state := State{Uncovered: []string{}}
	var err error
	if state.Origin, state.HasRoot, err = s.origin(ctx); err != nil || state.Origin == None {
		return state, err
	}
	slot := authoritySlot
	if state.Origin == Given {
		slot = givenSlot
	}
	one, err := s.open(ctx, slot)
	if err != nil {
		// The settings have to open anyway: this is repaired there.
		state.warn(fault.From(err))
		return state, nil
	}
	state.describe(one.Leaf)
	if state.Origin == Office {
		state.judge(s.now(), one.Leaf, warnRoot, ErrRootExpired, errRootExpires)
		return state, nil
	}
	hosts, open, err := s.settings.Hosts(ctx)
	if err != nil {
		return state, err
	}
	if open {
		state.Uncovered = uncovered(one.Leaf, hosts)
	}
	if len(state.Uncovered) > 0 {
		state.warn(errUncovered.WithMessage("The certificate that was given does not hold %s.", strings.Join(state.Uncovered, ", ")))
	}
	state.judge(s.now(), one.Leaf, warnGiven, ErrExpired, errExpires)
	return state, nil
}

func (s *State) describe(one *x509.Certificate) {
	s.Subject, s.Issuer, s.Fingerprint = one.Subject.String(), one.Issuer.String(), fingerprint(one)
	s.FromMs, s.UntilMs = one.NotBefore.UnixMilli(), one.NotAfter.UnixMilli()
}

// judge says that a certificate has expired, or will.
func (s *State) judge(now time.Time, one *x509.Certificate, before time.Duration, expired, expires *fault.Error) {
	left := one.NotAfter.Sub(now)
	switch {
	case now.Before(one.NotBefore):
		s.warn(ErrEarly)
	case left <= 0:
		s.warn(expired)
	case left < before:
		s.warn(expires.WithMessage("%s It has %d days left.", expires.Message, int(left/(24*time.Hour))))
	}
}

func (s *State) warn(f *fault.Error) { s.Code, s.Message, s.Hint = f.Code, f.Message, f.Hint }

// Root returns the office's root certificate. Faults: certificate.none,
// certificate.damaged.
func (s *Service) Root(ctx context.Context, _ Nothing) (Root, error) {
	_, hasRoot, err := s.origin(ctx)
	if err != nil {
		return Root{}, err
	}
	if !hasRoot {
		return Root{}, ErrNone
	}
	one, err := s.open(ctx, authoritySlot)
	if err != nil {
		return Root{}, err
	}
	mark := fingerprint(one.Leaf)
	return Root{
		Name: "keydesk-root-" + strings.ToLower(strings.ReplaceAll(mark[:11], ":", "")) + ".pem",
		Text: string(pemOf(one.Certificate...)), Fingerprint: mark,
	}, nil
}

// Certify makes sure that there is a certificate before the office network is
// opened with these hosts, and names the hosts that have to be in it and are not:
// every name, or every address where there is no name. The context carries the
// transaction that opens it.
func (s *Service) Certify(ctx context.Context, addresses, names []string) (missing []string, err error) {
	switch current, _, err := s.origin(ctx); {
	case err != nil:
		return nil, err
	case current == None:
		return nil, s.makeAuthority(ctx, nil)
	case current == Office:
		return nil, nil
	}
	one, err := s.open(ctx, givenSlot)
	if err != nil {
		return nil, err
	}
	return needed(one.Leaf, names, addresses), nil
}

// Give takes a certificate made elsewhere and its key. Faults:
// certificate.invalid at the field.
func (s *Service) Give(ctx context.Context, in GiveInput) (State, error) {
	hosts, open, err := s.settings.Hosts(ctx)
	if err != nil {
		return State{}, err
	}
	if !open {
		hosts = Hosts{} // nobody calls it yet
	}
	leaf, text, err := readGiven(in, hosts, s.now())
	if err != nil {
		return State{}, err
	}
	before, err := s.Get(ctx, Nothing{})
	if err != nil {
		return State{}, err
	}
	if err := s.secrets.Put(ctx, ownerKind, ownerID, givenSlot, text); err != nil {
		return State{}, err
	}
	return s.changed(ctx, before, aboutGiven(leaf))
}

// UseOffice goes back to the office's own certificate. The key that was given is
// destroyed. Faults: certificate.not_given.
func (s *Service) UseOffice(ctx context.Context, _ Nothing) (State, error) {
	before, err := s.Get(ctx, Nothing{})
	if err != nil {
		return State{}, err
	}
	if before.Origin != Given {
		return State{}, ErrNotGiven
	}
	if err := s.secrets.Delete(ctx, ownerKind, ownerID, givenSlot); err != nil {
		return State{}, err
	}
	if before.HasRoot {
		return s.changed(ctx, before, map[string]string{"origin": Office})
	}
	if err := s.makeAuthority(ctx, about(before)); err != nil {
		return State{}, err
	}
	return s.Get(ctx, Nothing{})
}

// RenewRoot makes a new authority. Its root has to be given to every caller; the
// old one is worth nothing from then on.
func (s *Service) RenewRoot(ctx context.Context, _ Nothing) (State, error) {
	before, err := s.Get(ctx, Nothing{})
	if err != nil {
		return State{}, err
	}
	if err := s.makeAuthority(ctx, about(before)); err != nil {
		return State{}, err
	}
	return s.Get(ctx, Nothing{})
}

// changed reports what is in force now and drops what was shown.
func (s *Service) changed(ctx context.Context, before State, after any) (State, error) {
	s.report(ctx, about(before), after)
	return s.Get(ctx, Nothing{})
}

// report notes the change under the kind of the local API, whose door then shows what
// is in force.
func (s *Service) report(ctx context.Context, before, after any) {
	invocation := access.From(ctx)
	invocation.Changed("local_api", "1", "Certificate of the office network", before, after)
	invocation.AfterCommit(s.forget)
}

// about is what activity says of a state; nil of none.
func about(state State) any {
	if state.Origin == None {
		return nil
	}
	return map[string]string{"origin": state.Origin, "fingerprint": state.Fingerprint}
}

// aboutGiven is what activity says of a certificate given.
func aboutGiven(one *x509.Certificate) any {
	return map[string]string{
		"origin": Given, "fingerprint": fingerprint(one), "subject": one.Subject.String(),
		"until": one.NotAfter.UTC().Format(time.DateOnly),
	}
}

// fingerprint is the SHA-256 of a certificate as OpenSSL prints it.
func fingerprint(one *x509.Certificate) string {
	sum := sha256.Sum256(one.Raw)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")
}

// uncovered are the hosts that a certificate does not hold.
func uncovered(one *x509.Certificate, hosts Hosts) []string {
	missing := []string{}
	for _, name := range hosts.Names {
		if one.VerifyHostname(name) != nil {
			missing = append(missing, name)
		}
	}
	for _, address := range hosts.Addresses {
		if one.VerifyHostname(address.String()) != nil {
			missing = append(missing, address.String())
		}
	}
	return missing
}

// needed are the hosts that a certificate has to hold and does not. Where there are
// names, callers use those, since few authorities sign an address.
func needed(one *x509.Certificate, names, addresses []string) []string {
	hosts := addresses
	if len(names) > 0 {
		hosts = names
	}
	return slices.DeleteFunc(slices.Clone(hosts), func(host string) bool { return one.VerifyHostname(host) == nil })
}
