package store

import (
	"context"
	"errors"
	"strings"

	"keydesk/backend/process"
	"keydesk/backend/setup"
)

// everyStage is shown instead of the stage of a setup for every stage.
const everyStage = "Every stage here"

// setupKeys are the folded copies of the names above a setup, by which lists are
// sorted and paged, and the text that the search bar searches.
type setupKeys struct {
	// PathKey always has four parts, joined by \x1f: process, sub process, sub
	// sub process, stage. A missing part is empty and so sorts first.
	PathKey   string
	SubKey    string
	SubSubKey string
	// StageKey is empty for every stage, which so sorts first, as in the list of
	// stages to choose from.
	StageKey string
	// ProviderKey is empty for a request written by hand.
	ProviderKey string
	// Search has one line for each column, so that a term cannot match across
	// two columns.
	Search string
}

// keysOf makes the keys of a setup from the names above it, root first. It folds
// each part separately, since the parts are compared separately.
func keysOf(places []string, stage, authType, channel, provider, name, url string) setupKeys {
	names := append(append([]string{}, places...), "", "", "")[:3]
	keys := setupKeys{SubKey: fold(names[1]), SubSubKey: fold(names[2]), StageKey: fold(stage), ProviderKey: fold(provider)}
	keys.PathKey = strings.Join([]string{fold(names[0]), keys.SubKey, keys.SubSubKey, keys.StageKey}, "\x1f")
	shownStage := stage
	if shownStage == "" {
		shownStage = everyStage
	}
	auth, ok := authLabels[authType]
	if !ok {
		auth = authType
	}
	keys.Search = fold(strings.Join([]string{names[0], names[1], names[2], shownStage, auth, channelLabel(channel), provider, name, url}, "\n"))
	return keys
}

// authLabels are the auth types as the list shows them.
var authLabels = map[string]string{
	"none": "NoAuth", "api_key": "API Key", "bearer": "Bearer Token", "basic": "Basic Auth", "oauth2": "OAuth 2.0",
}

func channelLabel(channel string) string {
	if label, ok := setup.ChannelLabels[setup.Channel(channel)]; ok {
		return label
	}
	return channel
}

// pathNames gives the names of a place and of those above it, root first.
func (s *Store) pathNames(ctx context.Context, placeID string) ([]string, error) {
	names := []string{}
	for id := placeID; id != ""; {
		place, err := s.NodeByID(ctx, id)
		if errors.Is(err, process.ErrPlaceGone) {
			break
		}
		if err != nil {
			return nil, err
		}
		names = append([]string{place.Name}, names...)
		id = place.ParentID
	}
	return names, nil
}

// rewriteSetups makes the keys and search text of every setup at these places
// again, deleted ones too, so that a rename is found at once and a restored setup
// is found by the present names. It changes nothing else.
func (s *Store) rewriteSetups(ctx context.Context, where []string) error {
	type row struct{ id, stage, authType, channel, provider, name, url string }
	for _, placeID := range where {
		places, err := s.pathNames(ctx, placeID)
		if err != nil {
			return err
		}
		var setups []row
		err = s.each(ctx, func(scan func(into ...any) error) error {
			var r row
			err := scan(&r.id, &r.stage, &r.authType, &r.channel, &r.provider, &r.name, &r.url)
			setups = append(setups, r)
			return err
		}, "SELECT s.id, COALESCE(t.name, ''), s.auth_type, s.channel, s.provider_name, s.name, s.url FROM setup s LEFT JOIN stage t ON t.id = s.stage_id WHERE s.place_id = ?", placeID)
		if err != nil {
			return err
		}
		for _, r := range setups {
			keys := keysOf(places, r.stage, r.authType, r.channel, r.provider, r.name, r.url)
			_, err := s.exec(ctx, "UPDATE setup SET path_key = ?, sub_process_key = ?, sub_sub_process_key = ?, stage_key = ?, search = ? WHERE id = ?",
				keys.PathKey, keys.SubKey, keys.SubSubKey, keys.StageKey, keys.Search, r.id)
			if err != nil {
				return err
			}
		}
	}
	return nil
}
