package backend_test

import (
	"fmt"
	"testing"

	"keydesk/backend/organisation"
)

// S7, RULES.md, Local API: a setting that cannot be read takes the least away. Nobody
// can call, nothing is sent for another system, nothing is removed; and each can be
// looked at and saved again.
func TestSettingsThatCannotBeRead(t *testing.T) {
	for _, data := range []string{`{"on":true,"port":"x","calls":"x","paused":"x"}`, "{", `[]`, "\x00", `{"on":true,"port":1e30,"calls":1e30,"paused":1}`} {
		t.Run(data, func(t *testing.T) {
			folder := t.TempDir()
			b := opened(t, folder, nil)
			firstRun(t, b)
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			db := openRaw(t, folder)
			for _, name := range []string{"local_api", "pause", "retention"} {
				if _, err := db.Exec("INSERT OR REPLACE INTO setting (name, data, version) VALUES (?, ?, 3)", name, data); err != nil {
					t.Fatal(err)
				}
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			b = unlocked(t, folder)
			door, err := b.Ops.Organisation.Door(atDoor(t), organisation.Nothing{})
			if err != nil || door.On || door.Port != organisation.DefaultPort {
				t.Errorf("the door is told %+v, %v", door, err)
			}
			running, err := b.Ops.Organisation.Running(atWindow(t), organisation.Nothing{})
			if err != nil || running.LocalAPI || !running.Paused {
				t.Errorf("the frame shows %+v, %v", running, err)
			}
			if _, _, err := b.Organisation.Kept(t.Context()); err == nil {
				t.Error("what is old would be removed")
			}
			state, err := b.Ops.Organisation.LocalAPI(atWindow(t), organisation.Nothing{})
			if err != nil {
				t.Fatal(err)
			}
			state.Settings.Port = 7474
			if _, err := b.Ops.Organisation.SaveLocalAPI(atWindow(t), organisation.SaveLocalAPIInput{Settings: state.Settings, Version: state.Version}); err != nil {
				t.Errorf("saving the local API gave %v", err)
			}
			if pause, err := b.Ops.Organisation.Pause(atWindow(t), organisation.PauseInput{}); err != nil || pause.Paused {
				t.Errorf("going on gave %+v, %v", pause, err)
			}
			kept, err := b.Ops.Organisation.Retention(atWindow(t), organisation.Nothing{})
			if err != nil || kept.Retention.Calls != 90 {
				t.Fatalf("the retention is %+v, %v", kept, err)
			}
			if _, err := b.Ops.Organisation.SaveRetention(atWindow(t), kept); err != nil {
				t.Errorf("saving the retention gave %v", err)
			}
			running, err = b.Ops.Organisation.Running(atWindow(t), organisation.Nothing{})
			if err != nil || running.Paused || running.Port != 7474 {
				t.Errorf("afterwards the frame shows %+v, %v", running, err)
			}
			if calls, rows, err := b.Organisation.Kept(t.Context()); err != nil || calls != rows || calls.Hours() != 90*24 {
				t.Errorf("afterwards things are kept for %v and %v, %v", calls, rows, err)
			}
		})
	}
}

// A retention that nobody could have saved removes nothing: in hours, 200,000 days are
// more than a duration holds, and would be a moment in the future.
func TestARetentionOutOfRangeRemovesNothing(t *testing.T) {
	for _, days := range []int{0, -1, 3651, 200_000} {
		folder := t.TempDir()
		b := opened(t, folder, nil)
		firstRun(t, b)
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		db := openRaw(t, folder)
		if _, err := db.Exec("INSERT INTO setting (name, data, version) VALUES ('retention', ?, 1)", fmt.Sprintf(`{"calls":90,"access":%d}`, days)); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		b = unlocked(t, folder)
		if calls, rows, err := b.Organisation.Kept(t.Context()); err == nil {
			t.Errorf("of %d days things are kept for %v and %v", days, calls, rows)
		}
	}
}
