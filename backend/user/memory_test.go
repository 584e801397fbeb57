package user_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"keydesk/backend/store"
	"keydesk/backend/user"
)

// A07 where nothing can be written: tries at the same time are counted one after
// the other, the database still has none of them, and what else would be written
// is refused.
func TestMemoryCountsOneTryAtATime(t *testing.T) {
	o := newOffice(t)
	must(t, o.store.Close())
	reading := store.New(filepath.Dir(o.store.Path()), store.ForReading())
	must(t, reading.Open(ctx))
	defer func() { must(t, reading.Close()) }()
	memory := user.NewMemory(reading)
	ada, err := memory.UserByName(ctx, "ada")
	must(t, err)

	var tries sync.WaitGroup
	for range 20 {
		tries.Go(func() {
			err := memory.InTx(ctx, func(ctx context.Context) error {
				return memory.InTx(ctx, func(ctx context.Context) error { // joins
					now, err := memory.UserByID(ctx, ada.ID)
					time.Sleep(time.Millisecond)
					return errors.Join(err, memory.SetUserFailures(ctx, ada.ID, now.Failures+1, int64(now.Failures)))
				})
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	tries.Wait()
	if now, err := memory.UserByName(ctx, "ada"); err != nil || now.Failures != 20 || now.WaitUntilMs != 19 || now.PasswordHash != ada.PasswordHash {
		t.Errorf("counted %d, until %d, %v", now.Failures, now.WaitUntilMs, err)
	}
	if stored, err := reading.UserByID(ctx, ada.ID); err != nil || stored.Failures != 0 {
		t.Errorf("stored are %d, %v", stored.Failures, err)
	}
	err = memory.InTx(ctx, func(ctx context.Context) error { return memory.UpdateUser(ctx, ada.User) })
	if !errors.Is(err, store.ErrReadingOnly) {
		t.Errorf("changing a user gave %v", err)
	}
}
