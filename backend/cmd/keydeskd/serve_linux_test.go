package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/sys/unix"

	"keydesk/backend"
	"keydesk/backend/fault"
	"keydesk/backend/store"
	"keydesk/backend/vault"
)

// RULES.md, Without a window: serve tells the service manager when it is ready and
// when it ends, SIGHUP changes nothing, and SIGTERM ends it with 0.
func TestServe(t *testing.T) {
	t.Parallel()
	folder := makeOffice(t, passphrase)
	p := serve(t, folder)
	p.waitFor("READY=1")
	// This office never switched the local API on; whoever waits for it is told.
	p.waitFor("no program can call: the local API is off")
	p.signal(syscall.SIGHUP)
	time.Sleep(20 * time.Millisecond)
	if p.ended() {
		t.Fatalf("SIGHUP ended it:\n%s", p.out)
	}
	for _, end := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		p.signal(end)
		if code := p.code(); code != exitOK {
			t.Errorf("%v: exit code %d\n%s", end, code, p.out)
		}
		if told := p.told.String(); !strings.HasSuffix(told, "STOPPING=1\nSTATUS=Ending\n") || strings.Count(told, "READY=1") != 1 {
			t.Errorf("the service manager was told:\n%s", told)
		}
		kept, err := os.ReadFile(filepath.Join(folder, "log", "keydesk.log"))
		if err != nil || !strings.Contains(string(kept), "msg=ready") || !strings.Contains(string(kept), "msg=stopped") {
			t.Errorf("the log file: %v\n%s", err, kept)
		}
		if _, err := os.Lstat(filepath.Join(folder, "control.sock")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("control.sock: %v", err)
		}
		if end == syscall.SIGTERM {
			p = serve(t, folder)
			p.waitFor("READY=1")
		}
	}
}

// The exit codes, as --help lists them.
func TestExitCodes(t *testing.T) {
	t.Parallel()
	office, damaged := makeOffice(t, passphrase), makeOffice(t, passphrase)
	if err := os.WriteFile(filepath.Join(damaged, store.FileName), slices.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	used := makeOffice(t, passphrase)
	owner := serve(t, used)
	owner.waitFor("READY=1")
	shown := makeOffice(t, passphrase)
	window := launch(t, []string{partVariable + "=window"}, nil, os.Args[0], shown)
	window.waitFor("has the data")
	nothing := filepath.Join(t.TempDir(), "nothing-here")
	begun := filepath.Join(t.TempDir(), "begun")
	inOffice(t, begun, func(backend.Ops) {})
	for _, c := range []struct {
		args string
		want int
		says string
	}{
		{"version", exitOK, "keydeskd 1.2.3"},
		{"version --json", exitOK, `{"program":"keydeskd","version":"1.2.3"}`},
		{"--help", exitOK, "Exit codes: 0 ok"},
		{"serve --help", exitOK, "--passphrase-fd=N"},
		{"doctor --data " + office, exitOK, "No problems."},
		{"serve --data " + damaged, exitFailed, "Keydesk's data file is damaged."},
		{"", exitUsage, "try --help"},
		{"sing", exitUsage, "try --help"},
		{"serve --passphrase " + passphrase, exitUsage, "try --help"},
		{"serve --passphrase-fd 2", exitUsage, "has to be 0, or 3 or more"},
		{"serve --passphrase-fd x", exitUsage, "try --help"},
		{"serve --passphrase-fd 3 --passphrase-from-env", exitUsage, "can't be used together"},
		{"serve --data=", exitUsage, "--data needs a folder"},
		{"serve --data", exitUsage, "--data needs a value"},
		{"help", exitOK, "Exit codes: 0 ok"},
		{"--version", exitOK, "keydeskd 1.2.3"},
		{"send --help", exitOK, "--channel=NAME"},
		{"send --parallel 0", exitUsage, "--parallel has to be from 1 to 16"},
		{"send --channel fax", exitUsage, "try --help"},
		{"send --field Mobile", exitUsage, "--field has to be NAME=VALUE"},
		{"send --field Mobile=1 rows.csv", exitUsage, "cannot be used with a file"},
		{"send --key kd_12345678_x", exitUsage, "unknown flag --key"},
		{"send", exitFailed, "KEYDESK_API_KEY is not set"},
		{"completion bash", exitOK, "source <(keydeskd completion -c bash)"},
		{"--help", exitOK, "Run the office until Ctrl+C or SIGTERM."},
		{"serve --data " + filepath.Join(damaged, store.FileName), exitFailed, "is not a folder. Choose the data folder with --data."},
		{"serve --data " + used, exitInUse, fmt.Sprintf("keydeskd (process %d) has this data open.", owner.cmd.Process.Pid)},
		{"serve --data " + shown, exitInUse, fmt.Sprintf("Keydesk's window (process %d) has this data open. Close the window, or use --wait.", window.cmd.Process.Pid)},
		{"serve --data " + office, exitLocked, "kept under a passphrase, and none was given"},
		{"serve --data " + nothing, exitLocked, "There is no office in " + nothing},
		{"serve --data " + begun, exitLocked, "There is no office in the data folder yet."},
		{"doctor --data " + nothing, exitProblems, "There is no data folder"},
		{"doctor --data " + damaged, exitProblems, "Keydesk's data file is damaged."},
	} {
		cmd := exec.Command(built, strings.Fields(c.args)...)
		out, _ := cmd.CombinedOutput()
		if strings.Contains(string(out), "<nil>") {
			t.Errorf("%s tells of nothing\n%s", c.args, out)
		}
		if code := cmd.ProcessState.ExitCode(); code != c.want || !strings.Contains(string(out), c.says) {
			t.Errorf("%s: %d, want %d and %q\n%s", c.args, code, c.want, c.says, out)
		}
	}
	if _, err := os.Lstat(nothing); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder without an office was made: %v", err)
	}
	if code := owner.stop(); code != exitOK {
		t.Errorf("%d\n%s", code, owner.out)
	}
}

// A hint of the keyring sends a person at a terminal to where it can be followed.
func TestHintsWithoutAWindow(t *testing.T) {
	t.Parallel()
	for _, of := range []*fault.Error{vault.ErrKeyringMissing, vault.ErrKeyringCorrupt} {
		if hint := withoutWindow(of.Hint); !strings.HasPrefix(hint, "Enter the recovery code in Keydesk's window") {
			t.Errorf("%s: %s", of.Code, hint)
		}
	}
}

// The help of every command fits a screen of 80 by 24, where the data folder is
// where it usually is. That of send has its examples and fits 80 columns.
func TestTheHelpFitsAScreen(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"--help", "serve --help", "doctor --help", "version --help", "completion --help", "send --help"} {
		cmd := exec.Command(built, strings.Fields(args)...)
		cmd.Env = []string{"HOME=/home/a-user-with-a-long-name"}
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
		if len(lines) > 23 && args != "send --help" { // and the prompt
			t.Errorf("%s has %d lines\n%s", args, len(lines), out)
		}
		for _, line := range lines {
			if utf8.RuneCountInString(line) > 80 {
				t.Errorf("%s: %q has %d letters", args, line, len(line))
			}
		}
		for _, code := range []string{"0 ok", "1 failed", "2 not", "3 the data", "4 locked", "5 doctor", "6 send", "7 send"} {
			if !strings.Contains(string(out), code) {
				t.Errorf("%s does not say %q", args, code)
			}
		}
	}
}

// terminal makes a terminal and returns both of its ends.
func terminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = person.Close() })
	var number uint32
	if _, _, no := unix.Syscall(unix.SYS_IOCTL, person.Fd(), unix.TIOCGPTN, uintptr(unsafe.Pointer(&number))); no != 0 {
		t.Fatal(no)
	}
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Close() })
	return person, program
}

// security: every way to give the passphrase, in its order, and what is refused.
// A wrong or absent one serves nothing and has an exit code of its own.
func TestPassphrases(t *testing.T) {
	t.Parallel()
	folder := makeOffice(t, passphrase)
	outside := t.TempDir()
	put := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(outside, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600), os.Chmod(path, mode)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	credentials := func(text string) string {
		return "CREDENTIALS_DIRECTORY=" + filepath.Dir(put("credentials-"+fmt.Sprint(len(text))+"/"+credentialName, text, 0o400))
	}
	good, bad := put("good", passphrase+"\n", 0o600), put("bad", "some other words of the tests\n", 0o600)
	inside := filepath.Join(folder, "passphrase")
	if err := os.WriteFile(inside, []byte(passphrase), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(outside, "link")
	if err := os.Symlink(inside, link); err != nil {
		t.Fatal(err)
	}
	foreign := put("foreign", passphrase, 0o600)
	foreignSays := "READY=1"
	if os.Geteuid() == 0 {
		if err := os.Chown(foreign, 12345, 12345); err != nil {
			t.Fatal(err)
		}
		foreignSays = "belongs to another user"
	}
	fifo := filepath.Join(outside, "pipe")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, args string
		variables  []string
		fd         string // what descriptor 3 holds
		says       string // READY=1, or why it ends with 4
	}{
		{"a credential", "", []string{credentials(passphrase)}, "", "READY=1"},
		{"a credential goes before a flag", "--passphrase-file " + bad, []string{credentials(passphrase + "\n")}, "", "READY=1"},
		{"a wrong credential is not passed over", "--passphrase-file " + good, []string{credentials("wrong words in a credential")}, "", "That is not the passphrase of this office."},
		{"an empty credential is not passed over", "--passphrase-file " + good, []string{credentials("")}, "", "none was given"},
		{"other credentials", "--passphrase-file " + good, []string{"CREDENTIALS_DIRECTORY=" + outside}, "", "READY=1"},
		{"a descriptor", "--passphrase-fd 3", nil, passphrase, "READY=1"},
		{"a descriptor with a line end", "--passphrase-fd 3", nil, passphrase + "\r\n", "READY=1"},
		{"an empty descriptor", "--passphrase-fd 3", nil, "", "none was given"},
		{"no descriptor", "--passphrase-fd 77", nil, "", "could not be read"},
		{"far too long", "--passphrase-fd 3", nil, strings.Repeat("x", passphraseLimit+1), "could not be read"},
		{"a file", "--passphrase-file " + good, nil, "", "READY=1"},
		{"a wrong file", "--passphrase-file " + bad, nil, "", "That is not the passphrase of this office."},
		{"a file that the group reads", "--passphrase-file " + put("group", passphrase, 0o640), nil, "", "can be read by other users"},
		{"a file that all can write", "--passphrase-file " + put("all", passphrase, 0o602), nil, "", "can be read by other users"},
		{"a file of another user", "--passphrase-file " + foreign, nil, "", foreignSays},
		{"a file in the data folder", "--passphrase-file " + inside, nil, "", "is in the data folder"},
		{"a link into the data folder", "--passphrase-file " + link, nil, "", "is in the data folder"},
		{"a file that is missing", "--passphrase-file " + outside + "/none", nil, "", "cannot be read"},
		{"a folder", "--passphrase-file " + outside, nil, "", "is not a plain file"},
		{"a pipe", "--passphrase-file " + fifo, nil, "", "is not a plain file"},
		{"the environment", "--passphrase-from-env", []string{passphraseVariable + "=" + passphrase}, "", "READY=1"},
		{"the environment warns", "--passphrase-from-env", []string{passphraseVariable + "=" + passphrase}, "", "level=WARN msg=\"the passphrase is taken from the environment"},
		{"the environment without the flag", "", []string{passphraseVariable + "=" + passphrase}, "", "none was given"},
		{"an empty environment", "--passphrase-from-env", nil, "", "none was given"},
		{"nothing and no terminal", "", nil, "", "none was given"},
	} {
		p := launch(t, c.variables, func(cmd *exec.Cmd) {
			read, write, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				_, _ = write.WriteString(c.fd)
				_ = write.Close()
			}()
			cmd.ExtraFiles = []*os.File{read}
		}, built, append([]string{"serve", "--data", folder}, strings.Fields(c.args)...)...)
		if !p.prints(c.says) {
			t.Errorf("%s: not said: %q\n%s%s", c.name, c.says, p.out, p.told)
		}
		want := exitLocked
		if c.says == "READY=1" || strings.HasPrefix(c.says, "level=WARN") {
			want = exitOK
			p.waitFor("READY=1")
			p.signal(syscall.SIGTERM)
		}
		if code := p.code(); code != want {
			t.Errorf("%s: exit code %d, want %d\n%s", c.name, code, want, p.out)
		}
		if want == exitLocked && strings.Contains(p.told.String(), "READY") {
			t.Errorf("%s: it was ready:\n%s", c.name, p.told)
		}
	}
}

// The terminal is asked without an echo; Ctrl-C and a signal end the question and
// leave the terminal as it was.
func TestThePassphraseFromATerminal(t *testing.T) {
	t.Parallel()
	folder := makeOffice(t, passphrase)
	ask := func() (*running, *os.File, *os.File) {
		person, program := terminal(t)
		p := launch(t, nil, func(cmd *exec.Cmd) {
			cmd.Stdin = program
			cmd.SysProcAttr.Setsid, cmd.SysProcAttr.Setctty = true, true
		}, built, "serve", "--data", folder)
		p.waitFor("Passphrase of this office:")
		return p, person, program
	}
	echoes := func(program *os.File) bool {
		state, err := unix.IoctlGetTermios(int(program.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		return state.Lflag&unix.ECHO != 0
	}
	p, person, program := ask()
	for began := time.Now(); echoes(program) && time.Since(began) < 5*time.Second; {
		time.Sleep(time.Millisecond)
	}
	if _, err := person.WriteString(passphrase + "\n"); err != nil {
		t.Fatal(err)
	}
	p.waitFor("READY=1")
	if !echoes(program) {
		t.Error("the terminal no longer echoes")
	}
	if code := p.stop(); code != exitOK {
		t.Errorf("%d\n%s", code, p.out)
	}
	for name, end := range map[string]func(p *running, person *os.File){
		"Ctrl-C": func(_ *running, person *os.File) { _, _ = person.WriteString("\x03") },
		"a stop": func(p *running, _ *os.File) { p.signal(syscall.SIGTERM) },
	} {
		p, person, program := ask()
		for began := time.Now(); echoes(program) && time.Since(began) < 5*time.Second; {
			time.Sleep(time.Millisecond)
		}
		end(p, person)
		if code := p.code(); code != exitOK || !echoes(program) {
			t.Errorf("%s: exit code %d, it echoes: %v\n%s", name, code, echoes(program), p.out)
		}
	}
	p, person, _ = ask()
	if _, err := person.WriteString("some other words\n"); err != nil {
		t.Fatal(err)
	}
	if code := p.code(); code != exitLocked {
		t.Errorf("a wrong one: %d\n%s", code, p.out)
	}
}

// A pipe that says nothing does not keep the program from ending.
func TestASilentDescriptor(t *testing.T) {
	t.Parallel()
	folder := makeOffice(t, passphrase)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer write.Close()
	p := launch(t, nil, func(cmd *exec.Cmd) { cmd.ExtraFiles = []*os.File{read} }, built, "serve", "--data", folder, "--passphrase-fd", "3")
	p.waitFor("msg=opening")
	if code := p.stop(); code != exitOK {
		t.Errorf("%d\n%s", code, p.out)
	}
}

// G23: of 20 that start at once on one folder exactly one owns it. The others say
// who has it and end with 3.
func TestTwentyStartsAtOnce(t *testing.T) {
	t.Parallel()
	folder := makeOffice(t, passphrase)
	all := make([]*running, 20)
	for i := range all {
		all[i] = serve(t, folder)
	}
	owner := -1
	for i, p := range all {
		if p.prints("READY=1") {
			if owner >= 0 {
				t.Errorf("%d and %d own it", owner, i)
			}
			owner = i
		} else if code := p.code(); code != exitInUse || !strings.Contains(p.out.String(), "this data") {
			t.Errorf("%d: exit code %d\n%s", i, code, p.out)
		}
	}
	if owner < 0 {
		t.Fatal("nobody owns it")
	}
	if code := all[owner].stop(); code != exitOK {
		t.Errorf("%d\n%s", code, all[owner].out)
	}
}
