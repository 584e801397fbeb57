package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"sort"
	"strings"
	"time"
	"strconv"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/host"
	"keydesk/backend/organisation"
	"keydesk/backend/secret"
	"keydesk/backend/user"
	"keydesk/backend/vault"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	ctx := access.WithSource(context.Background(), access.Source{Kind: access.Window, ID: "bench"})
	dir, err := os.MkdirTemp("", "tmpprof")
	must(err)
	data := filepath.Join(dir, "data")
	one := backend.New(backend.Options{Folder: data, Version: "bench", Hash: user.Params{MemoryKiB: 64, Time: 1, Threads: 1}})
	must(one.Open(ctx))
	begun, err := one.Ops.Organisation.Begin(ctx, organisation.BeginInput{Organisation: "Bench", Country: "IN", TimeZone: "Asia/Kolkata", UserName: "admin", Password: secret.New("correct-horse-battery-9")})
	must(err)
	code := begun.RecoveryCode
	_, err = one.Ops.Organisation.Confirm(ctx, organisation.ConfirmInput{StartID: begun.StartID, LastFour: code[len(code)-4:]})
	must(err)
	must(one.Close())
	if os.Args[1] == "mem" {
		cmd := exec.Command("build/bin/keydeskd", "serve", "--data", data)
		must(cmd.Start())
		time.Sleep(3 * time.Second)
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps", cmd.Process.Pid))
		sums := map[string]int{}
		name := ""
		for _, l := range strings.Split(string(text), "\n") {
			f := strings.Fields(l)
			if len(f) >= 5 && strings.Contains(f[0], "-") && !strings.HasSuffix(f[0], ":") {
				name = "anon"
				if len(f) > 5 {
					name = f[5] + " " + f[1]
				} else {
					name = "anon " + f[0][:4] + " " + f[1]
				}
			}
			if len(f) == 3 && f[0] == "Pss:" {
				n, _ := strconv.Atoi(f[1])
				sums[name] += n
			}
		}
		keys := []string{}
		for k := range sums {
			keys = append(keys, k)
		}
		sort.Slice(keys, func(i, j int) bool { return sums[keys[i]] > sums[keys[j]] })
		for _, k := range keys[:18] {
			fmt.Println(sums[k], k)
		}
		_ = cmd.Process.Kill()
		return
	}
	f, err := os.Create("/tmp/tmpprof.cpu")
	must(err)
	ring := vault.NewKeyring(vault.KeyringOptions{})
	open := func() time.Duration {
		began := time.Now()
		h := host.New(host.Options{Folder: data, Version: "x", Log: host.NewLogFile(io.Discard), Make: func() host.Backend {
			return backend.New(backend.Options{Folder: data, Version: "x", Keyring: ring})
		}, Control: host.Control{Program: host.Keydeskd}})
		h.Start()
		must(h.Opened(ctx))
		t1 := time.Since(began)
		state, err := h.Ops.Organisation.State(ctx, organisation.Nothing{})
		must(err)
		took := time.Since(began)
		if state.Phase != organisation.Open {
			panic(state.Phase)
		}
		_ = t1
		must(h.Close(context.Background()))
		return took
	}
	fmt.Println("first", open())
	must(pprof.StartCPUProfile(f))
	var all []time.Duration
	for range 150 {
		all = append(all, open())
	}
	pprof.StopCPUProfile()
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	fmt.Println("median", all[len(all)/2], "min", all[0])
}
