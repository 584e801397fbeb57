package organisation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// The settings that are one document each.
const (
	localAPISetting  = "local_api"
	retentionSetting = "retention"
	pauseSetting     = "pause"
)

// errUnreadable is returned for a setting that Keydesk did not write so. Each of them
// then means what takes the least away: nobody can call, nothing is sent, nothing is
// removed. It can be saved again.
var errUnreadable = errors.New("the setting cannot be read")

// document reads a setting into a value that holds what is in force without it,
// and returns its version; 0 is one that was never saved. With errUnreadable the
// version is the stored one.
func (s *Service) document(ctx context.Context, name string, into any) (version int, err error) {
	data, version, err := s.store.Setting(ctx, name)
	if err != nil || version == 0 {
		return 0, err
	}
	if err := json.Unmarshal([]byte(data), into); err != nil {
		return version, fmt.Errorf("%w: %s: %w", errUnreadable, name, err)
	}
	return version, nil
}

// keepDocument writes a setting if its version is still the stored one.
func (s *Service) keepDocument(ctx context.Context, name string, version int, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("setting %s: %w", name, err)
	}
	return s.store.PutSetting(ctx, name, string(data), version)
}

// documents are the settings in memory, each read once and then after a change.
type documents struct {
	localAPI  *LocalAPI
	retention *Retention
	pause     *Pause
}

// remembered returns a setting from memory, or reads it.
func remembered[T any](ctx context.Context, s *Service, at func(*documents) **T, read func(ctx context.Context) (T, error)) (T, error) {
	s.mu.Lock()
	generation := s.generation
	if known := *at(&s.documents); known != nil {
		s.mu.Unlock()
		return *known, nil
	}
	s.mu.Unlock()
	value, err := read(ctx)
	if err != nil {
		return value, err
	}
	s.mu.Lock()
	if s.generation == generation { // not changed while it was read
		*at(&s.documents) = &value
	}
	s.mu.Unlock()
	return value, nil
}
