package main

import (
	"time"

	"keydesk/backend/user"
)

// measureLogin: one password hash with the parameters Keydesk would choose on
// this machine.
func measureLogin(b *bench) error {
	params := user.Calibrate(user.Measure)
	times := []time.Duration{}
	for range b.rounds + 1 {
		began := time.Now()
		user.Argon2id([]byte("correct-horse-battery-9"), make([]byte, 16), params)
		times = append(times, time.Since(began))
	}
	b.print(spanFigure("login", times[1:], 100*time.Millisecond, 300*time.Millisecond))
	b.note("login: %d MiB, %d passes, %d threads", params.MemoryKiB/1024, params.Time, params.Threads)
	return nil
}
