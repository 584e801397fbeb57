package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"keydesk/backend/process"
)

// SetupCounts counts the setups at each place that are not deleted. It reads only
// an index on path_key, never the setups themselves, so it is cheap even with
// large documents.
func (s *Store) SetupCounts(ctx context.Context) (map[string]int, error) {
	places, err := s.Nodes(ctx)
	if err != nil {
		return nil, err
	}
	paths := map[string]string{"": ""}
	at := map[string]string{}
	for _, place := range places {
		path := paths[place.ParentID] + fold(place.Name) + "\x1f"
		paths[place.ID] = path
		at[path+strings.Repeat("\x1f", 3-place.Level)] = place.ID
	}
	counts := map[string]int{}
	err = s.each(ctx, func(scan func(into ...any) error) error {
		var path string
		var count int
		err := scan(&path, &count)
		if id, ok := at[path[:strings.LastIndex(path, "\x1f")+1]]; ok {
			counts[id] += count
		}
		return err
	}, "SELECT path_key, COUNT(*) FROM setup WHERE deleted_ms = 0 GROUP BY path_key")
	return counts, err
}

// useColumns are followed by the document, or by an empty text if its rows are not
// needed.
const useColumns = "SELECT s.id, s.channel, s.deleted_ms > 0, "

// setupUses scans what package process needs to know about setups.
func (s *Store) setupUses(ctx context.Context, document, where string, args ...any) ([]process.SetupUse, error) {
	uses := []process.SetupUse{}
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var use process.SetupUse
		var channel, document, own, above, top, stage string
		if err := scan(&use.ID, &channel, &use.Deleted, &document, &own, &above, &top, &stage); err != nil {
			return err
		}
		if stage == "" {
			stage = everyStage
		}
		use.Name = strings.Join(append(rootFirst(own, above, top), stage), " / ") + ", " + channelLabel(channel)
		use.Fields = fieldsTaken(document)
		uses = append(uses, use)
		return nil
	}, useColumns+document+", "+placeNames+fromPlaces+" WHERE "+where+" ORDER BY s.path_key, s.id", args...)
	return uses, err
}

// SetupsAtOrBelow gives the setups at a place and below it, in list order, without
// Fields.
func (s *Store) SetupsAtOrBelow(ctx context.Context, placeID string) ([]process.SetupUse, error) {
	return s.setupUses(ctx, "''", "s.place_id IN "+everyPlaceBelow, placeID, placeID, placeID)
}

// SetupsAtStage gives the setups of exactly this stage.
func (s *Store) SetupsAtStage(ctx context.Context, stageID string) ([]process.SetupUse, error) {
	return s.setupUses(ctx, "s.document", "s.stage_id = ?", stageID)
}

// WholePlaceSetups gives the setups for every stage of exactly this place.
func (s *Store) WholePlaceSetups(ctx context.Context, placeID string) ([]process.SetupUse, error) {
	return s.setupUses(ctx, "s.document", "s.place_id = ? AND s.stage_id IS NULL", placeID)
}

// fieldsTaken gives the names of the stage fields that the stage parameter rows of
// a document use. A damaged one uses none: its setup can only be deleted, and the
// work on others goes on.
func fieldsTaken(document string) []string {
	if document == "" {
		return nil
	}
	var draft struct {
		Request struct {
			StageParams []struct {
				Field string `json:"field"`
			} `json:"stage_params"`
		} `json:"request"`
	}
	if json.Unmarshal([]byte(document), &draft) != nil {
		return nil
	}
	names := []string{}
	for _, row := range draft.Request.StageParams {
		if row.Field != "" {
			names = append(names, row.Field)
		}
	}
	return names
}

// RenameFieldInSetups renames a field in the stage parameter rows of these setups
// and changes nothing else, not even the version.
func (s *Store) RenameFieldInSetups(ctx context.Context, setupIDs []string, from, to string) error {
	for _, id := range setupIDs {
		documents, err := s.ids(ctx, "SELECT document FROM setup WHERE id = ?", id)
		if err != nil {
			return err
		}
		for _, document := range documents {
			renamed, err := renameTaken(document, from, to)
			if err != nil {
				return err
			}
			if _, err := s.exec(ctx, "UPDATE setup SET document = ? WHERE id = ?", renamed, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// renameTaken rewrites `field` in the stage parameter rows of a document. Members
// that this package does not know stay as they are.
func renameTaken(document, from, to string) (string, error) {
	var draft, request map[string]json.RawMessage
	var rows []map[string]json.RawMessage
	if err := errors.Join(
		json.Unmarshal([]byte(document), &draft),
		json.Unmarshal(draft["request"], &request),
		json.Unmarshal(request["stage_params"], &rows),
	); err != nil {
		return "", fmt.Errorf("setup document: %w", err)
	}
	for _, row := range rows {
		var field string
		if err := json.Unmarshal(row["field"], &field); err != nil {
			return "", fmt.Errorf("setup document: %w", err)
		}
		if fold(field) == fold(from) {
			row["field"] = plainJSON(to)
		}
	}
	request["stage_params"] = plainJSON(rows)
	draft["request"] = plainJSON(request)
	return string(plainJSON(draft)), nil
}

// plainJSON marshals what cannot fail, without HTML escapes.
func plainJSON(value any) json.RawMessage {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
