package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/organisation"
	"keydesk/backend/secret"
	"keydesk/backend/user"
)

// How long a program may take to be ready, and how long it is left alone before its
// memory is read.
const (
	readyLimit = 30 * time.Second
	idleTime   = 3 * time.Second
)

// measureHeadless measures how long keydeskd takes until it serves, with the data
// key from the keyring, and its memory afterwards, compared with bareserver. It
// runs in a session with an open keyring (build/virtual.sh).
func measureHeadless(keydeskd, bareserver string, rounds int) error {
	ctx := access.WithSource(context.Background(), access.Source{Kind: access.Window, ID: "bench"})
	folder, err := os.MkdirTemp("", "keydesk-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	data := filepath.Join(folder, "data")
	if err := servingOffice(ctx, data); err != nil {
		return err
	}
	var ours, reference []started
	_, err = inTurn(rounds,
		func() error { return startAndLook(&ours, keydeskd, "serve", "--data", data) },
		func() error { return startAndLook(&reference, bareserver, filepath.Join(folder, "bare.db")) })
	if err != nil {
		return err
	}
	times, memory := []pair{}, []figurePair{}
	for i := range rounds + 1 {
		if i == 0 {
			continue // it filled the caches
		}
		times = append(times, pair{ours[i].took, reference[i].took})
		memory = append(memory, figurePair{ours[i].memory, reference[i].memory})
	}
	fmt.Println(ratioFigure("headless", times, 1, 2))
	fmt.Println(memoryFigure("headless_memory", memory, 2))
	return nil
}

// servingOffice makes an office whose data key is in the keyring and whose local
// API is on, at a port that is free now.
func servingOffice(ctx context.Context, folder string) (err error) {
	port, err := freePort()
	if err != nil {
		return err
	}
	one := backend.New(backend.Options{Folder: folder, Version: "bench", Hash: user.Params{MemoryKiB: 64, Time: 1, Threads: 1}})
	if err := one.Open(ctx); err != nil {
		return err
	}
	defer func() {
		if closing := one.Close(); err == nil {
			err = closing
		}
	}()
	begun, err := one.Ops.Organisation.Begin(ctx, organisation.BeginInput{
		Organisation: "Bench", Country: "IN", TimeZone: "Asia/Kolkata", UserName: "admin", FullName: "Ada Admin",
		Password: secret.New("correct-horse-battery-9"),
	})
	if err != nil {
		return err
	}
	code := begun.RecoveryCode
	if _, err := one.Ops.Organisation.Confirm(ctx, organisation.ConfirmInput{StartID: begun.StartID, LastFour: code[len(code)-4:]}); err != nil {
		return err
	}
	_, err = one.Ops.Organisation.SaveLocalAPI(ctx, organisation.SaveLocalAPIInput{
		Settings: organisation.LocalAPI{On: true, Port: port, PerMinute: 600},
	})
	return err
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// started is what one start of a program cost: the time until it was ready, and its
// memory in bytes when it did nothing, each shared page counted once.
type started struct {
	took   time.Duration
	memory float64
}

// startAndLook starts a program, waits until it logs that it is ready, and ends it.
func startAndLook(into *[]started, program string, args ...string) error {
	cmd := exec.Command(program, args...)
	output, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	late := time.AfterFunc(readyLimit, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	lines := bufio.NewScanner(output)
	said := ""
	for lines.Scan() && !strings.Contains(lines.Text(), "msg=ready") {
		said += lines.Text() + "\n"
	}
	one := started{took: time.Since(began)}
	if !strings.Contains(lines.Text(), "msg=ready") {
		_ = cmd.Wait()
		return fmt.Errorf("%s was not ready:\n%s", filepath.Base(program), said)
	}
	time.Sleep(idleTime)
	one.memory, err = pss(cmd.Process.Pid)
	*into = append(*into, one)
	_ = cmd.Process.Signal(os.Interrupt)
	for lines.Scan() { // so that it can write its last lines
	}
	_ = cmd.Wait() // the server without an end of its own fails
	return err
}

// pss reads the memory of a process in bytes.
func pss(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) == 3 && words[0] == "Pss:" {
			kilobytes, err := strconv.ParseFloat(words[1], 64)
			return kilobytes * 1024, err
		}
	}
	return 0, fmt.Errorf("process %d has no Pss", pid)
}
