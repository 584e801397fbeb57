package organisation

import (
	"context"
	"maps"

	"github.com/google/uuid"

	"keydesk/backend/access"
	"keydesk/backend/secret"
	"keydesk/backend/user"
)

// Nothing is the input of operations that need none.
type Nothing struct{}

// BeginInput is the first run's form. An empty Passphrase means the system
// keyring.
type BeginInput struct {
	Organisation string      `json:"organisation" validate:"required,max=200"`
	Country      string      `json:"country" validate:"required,iso3166_1_alpha2"`
	TimeZone     string      `json:"time_zone" validate:"required,timezone"`
	UserName     string      `json:"user_name" validate:"required,max=100"`
	FullName     string      `json:"full_name" validate:"max=200"`
	Password     secret.Text `json:"password" ts_type:"string" validate:"required"`
	Passphrase   secret.Text `json:"passphrase" ts_type:"string"`
}

// Begun is shown once: the recovery code to print or save. Nothing is kept
// before its last four characters are confirmed.
type Begun struct {
	StartID      string `json:"start_id"`
	RecoveryCode string `json:"recovery_code"`
}

// ConfirmInput proves that the recovery code was written down.
type ConfirmInput struct {
	StartID  string `json:"start_id" validate:"required,max=64"`
	LastFour string `json:"last_four" validate:"required,max=20"`
}

// UnlockInput opens the secrets: with the keyring when both are empty.
type UnlockInput struct {
	RecoveryCode secret.Text `json:"recovery_code" ts_type:"string"`
	Passphrase   secret.Text `json:"passphrase" ts_type:"string"`
}

// CreateStarterInput names a starter tree.
type CreateStarterInput struct {
	Tree string `json:"tree" validate:"required,oneof=orders appointments invoices"`
}

// Operations of first run and unlocking.
var (
	OpState         = access.Op[Nothing, State]{Name: "organisation.state", Does: "looked at the state of Keydesk", Mode: access.Read, Public: true}
	OpTryKeyring    = access.Op[Nothing, ProbeResult]{Name: "organisation.try_keyring", Does: "tried the keyring", Mode: access.Long, Public: true}
	OpBegin         = access.Op[BeginInput, Begun]{Name: "organisation.begin", Does: "began the first run", Mode: access.Long, Public: true}
	OpConfirm       = access.Op[ConfirmInput, user.Session]{Name: "organisation.confirm", Does: "set up Keydesk", Mode: access.Long, Public: true}
	OpUnlock        = access.Op[UnlockInput, State]{Name: "organisation.unlock", Does: "opened the secrets", Mode: access.Long, Public: true, WhileReading: true}
	OpCreateStarter = access.Op[CreateStarterInput, Nothing]{Name: "organisation.create_starter", Does: "added a starter tree", Mode: access.Write, Needs: []access.Permission{access.CreateProcess}}
)

// begun is a first run, or a change of the data key, that waits for its
// confirmation.
type begun struct {
	key PendingKey
	in  *BeginInput // nil for a change
}

// forgetEnded forgets what does not wait any more, and with it the password of a
// first run.
func (s *Service) forgetEnded() {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.begun, func(_ string, old begun) bool { return !old.key.Waits() })
}

// note gives out an id for what was begun.
func (s *Service) note(one begun) Begun {
	id := uuid.Must(uuid.NewV7()).String()
	s.forgetEnded()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begun[id] = one
	return Begun{StartID: id, RecoveryCode: one.key.RecoveryCode().Reveal()}
}

// confirmed finds what was begun under an id, if the last four characters are
// those of its recovery code.
func (s *Service) confirmed(in ConfirmInput, firstRun bool) (begun, error) {
	s.mu.Lock()
	one, found := s.begun[in.StartID]
	s.mu.Unlock()
	switch {
	case !found || !one.key.Waits() || firstRun != (one.in != nil):
		if firstRun {
			return begun{}, ErrNoStart
		}
		return begun{}, ErrNoChange
	case !one.key.Confirms(in.LastFour):
		return begun{}, ErrLastFour
	default:
		return one, nil
	}
}

// State returns what the window has to show.
func (s *Service) State(ctx context.Context, _ Nothing) (State, error) {
	office, made, err := s.current(ctx)
	if err != nil {
		return State{}, err
	}
	state := State{Phase: Open, Organisation: office, Secrets: s.keys.Secrets()}
	switch {
	case !made:
		state.Phase = FirstRun
	case !state.Secrets.Open:
		state.Phase = Unlock
	}
	return state, nil
}

// TryKeyring writes, reads back and compares a temporary item.
func (s *Service) TryKeyring(ctx context.Context, _ Nothing) (ProbeResult, error) {
	if _, made, err := s.current(ctx); err != nil || made {
		return ProbeResult{}, orMade(err)
	}
	return s.keys.Try(ctx), nil
}

func orMade(err error) error {
	if err != nil {
		return err
	}
	return ErrMade
}

// Begin checks the form and makes the data key and recovery code, in memory.
func (s *Service) Begin(ctx context.Context, in BeginInput) (Begun, error) {
	if _, made, err := s.current(ctx); err != nil || made {
		return Begun{}, orMade(err)
	}
	var err error
	if in.Organisation, err = cleanName("organisation", in.Organisation); err != nil {
		return Begun{}, err
	}
	if err := user.CheckName("user_name", in.UserName); err != nil {
		return Begun{}, err
	}
	if err := user.CheckPassword(in.Password, in.UserName, in.Organisation); err != nil {
		return Begun{}, err
	}
	key, err := s.keys.Prepare(ctx, in.Passphrase)
	if err != nil {
		return Begun{}, err
	}
	return s.note(begun{key: key, in: &in}), nil
}

// Confirm keeps everything at once: the key in the keyring, then office, first
// Org Admin, roles and wrappings in one transaction. A failure leaves nothing
// behind, and the same confirmation can be tried again.
func (s *Service) Confirm(ctx context.Context, in ConfirmInput) (user.Session, error) {
	if _, made, err := s.current(ctx); err != nil || made {
		return user.Session{}, orMade(err)
	}
	begun, err := s.confirmed(in, true)
	if err != nil {
		return user.Session{}, err
	}
	defer s.forgetEnded()
	s.users.Calibrate()
	invocation := access.From(ctx)
	var admin user.User
	err = begun.key.Keep(ctx, func(commit func(ctx context.Context) error) error {
		return invocation.Commit(ctx, func(ctx context.Context) error {
			if err := commit(ctx); err != nil {
				return err
			}
			admin, err = s.insert(ctx, *begun.in, begun.key.Installation())
			return err
		})
	})
	if err != nil {
		return user.Session{}, err
	}
	s.Forget()
	session, err := s.users.Begin(ctx, admin.ID)
	if err == nil {
		s.wasOpened(ctx)
	}
	return session, err
}

// insert makes the office and its first Org Admin, in the context's transaction.
func (s *Service) insert(ctx context.Context, in BeginInput, installation string) (user.User, error) {
	office := Settings{
		InstallationID: installation, Name: in.Organisation, Country: in.Country, TimeZone: in.TimeZone,
		IdleMinutes: 15, CreatedMs: s.now().UnixMilli(), Version: 1,
	}
	if err := s.store.InsertOffice(ctx, office); err != nil {
		return user.User{}, err
	}
	admin, err := s.users.CreateFirst(ctx, user.FirstInput{Name: in.UserName, FullName: in.FullName, Password: in.Password})
	if err != nil {
		return user.User{}, err
	}
	invocation := access.From(ctx)
	invocation.Caller = access.Caller{Kind: access.Person, ID: admin.ID, Name: admin.Name, Source: invocation.Caller.Source}
	invocation.Changed("organisation", "1", office.Name, nil, office)
	return admin, nil
}

// Unlock opens the secrets with the keyring, the recovery code or the
// passphrase.
func (s *Service) Unlock(ctx context.Context, in UnlockInput) (State, error) {
	_, made, err := s.current(ctx)
	switch {
	case err != nil:
		return State{}, err
	case !made:
		return State{}, ErrNotMade
	case s.keys.Secrets().Open:
		return s.State(ctx, Nothing{})
	case !in.RecoveryCode.IsEmpty():
		err = s.keys.OpenWithRecovery(ctx, in.RecoveryCode)
	case !in.Passphrase.IsEmpty():
		err = s.keys.OpenWithPassphrase(ctx, in.Passphrase)
	default:
		err = s.keys.Unlock(ctx)
	}
	if err != nil {
		return State{}, err
	}
	s.wasOpened(ctx)
	return s.State(ctx, Nothing{})
}

// CreateStarter makes a starter tree: processes, stages and fields, no keys.
func (s *Service) CreateStarter(ctx context.Context, in CreateStarterInput) (Nothing, error) {
	return Nothing{}, s.trees.CreateStarter(ctx, in.Tree)
}

// OpenAtStart opens the data key with the keyring without asking anybody. If
// that does not work it is not an error: the window shows Unlock.
func (s *Service) OpenAtStart(ctx context.Context) error {
	_, made, err := s.current(ctx)
	if err != nil || !made {
		return err
	}
	if err := s.keys.Open(ctx); err == nil {
		s.wasOpened(ctx)
	}
	return nil
}
