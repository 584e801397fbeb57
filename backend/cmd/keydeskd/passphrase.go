package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

const (
	// credentialName is the passphrase among systemd's credentials of a service.
	credentialName = "keydesk-passphrase"
	// passphraseVariable is read only with --passphrase-from-env.
	passphraseVariable = "KEYDESK_PASSPHRASE"
	// passphraseLimit is the longest passphrase in bytes.
	passphraseLimit = 4 << 10
)

// Why there is no passphrase.
var (
	errNoPassphrase = fault.New(fault.Unavailable, "keydeskd.no_passphrase", "The secrets of this office are kept under a passphrase, and none was given.").
			WithHint("Give it as the systemd credential " + credentialName + " or with --passphrase-file; keydeskd serve --help lists all ways.")
	errPassphraseFile = fault.New(fault.Unavailable, "keydeskd.passphrase_file", "The file with the passphrase was not used.").
				WithHint("It has to be a plain file outside the data folder that only the user of keydeskd can read: chmod 600 FILE.")
	errPassphraseRead = fault.New(fault.Unavailable, "keydeskd.passphrase_read", "The passphrase could not be read.").
				WithHint("keydeskd serve --help lists the ways to give it.")
)

// passphrases finds the passphrase of an office, in the order of RULES.md, Without
// a window. It is asked each time the office is opened; what can be read only once
// is kept.
type passphrases struct {
	folder string
	fd     *int
	file   string
	env    bool
	stdin  *os.File
	stderr io.Writer
	log    *slog.Logger

	kept secret.Text
}

func (p *passphrases) read(ctx context.Context) (secret.Text, error) {
	if !p.kept.IsEmpty() {
		return p.kept, nil
	}
	var text secret.Text
	var err error
	once := true
	credential := filepath.Join(os.Getenv("CREDENTIALS_DIRECTORY"), credentialName)
	switch {
	case os.Getenv("CREDENTIALS_DIRECTORY") != "" && exists(credential):
		text, err = p.fromCredential(credential)
		once = false
	case p.fd != nil:
		text, err = p.fromDescriptor(ctx, *p.fd)
	case p.file != "":
		text, err = p.fromFile()
		once = false
	case p.env:
		text = p.fromEnvironment()
	case term.IsTerminal(int(p.stdin.Fd())):
		text, err = p.fromTerminal(ctx)
	}
	if err == nil && text.IsEmpty() {
		err = errNoPassphrase
	}
	if err == nil && once {
		p.kept = text
	}
	return text, err
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// firstLine reads a passphrase: one line, of which only the line end is taken off.
func firstLine(from io.Reader) (secret.Text, error) {
	line, err := bufio.NewReaderSize(from, passphraseLimit).ReadSlice('\n')
	defer clear(line)
	if err != nil && !errors.Is(err, io.EOF) {
		return secret.Text{}, errPassphraseRead.WithCause(err)
	}
	return secret.New(strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r")), nil
}

func (p *passphrases) fromCredential(path string) (secret.Text, error) {
	file, err := os.Open(path)
	if err != nil {
		return secret.Text{}, errPassphraseRead.WithCause(err)
	}
	defer func() { _ = file.Close() }()
	return firstLine(file)
}

func (p *passphrases) fromDescriptor(ctx context.Context, fd int) (secret.Text, error) {
	if !isInherited(fd) { // asked first: a file that is forgotten closes its descriptor
		return secret.Text{}, errPassphraseRead.WithCause(fmt.Errorf("the file descriptor %d was not inherited", fd))
	}
	file := os.NewFile(uintptr(fd), "passphrase")
	if file == nil {
		return secret.Text{}, errPassphraseRead.WithMessage("There is no file descriptor %d.", fd)
	}
	// A pipe whose other end says nothing must not keep the program from ending.
	return during(ctx, func() (secret.Text, error) {
		if fd > 2 {
			defer func() { _ = file.Close() }()
		}
		return firstLine(file)
	})
}

// fromFile reads a file that only we can read and that a copy of the data folder
// does not take along.
func (p *passphrases) fromFile() (secret.Text, error) {
	inside, err := isInside(p.file, p.folder)
	if err != nil {
		return secret.Text{}, errPassphraseFile.WithMessage("The file with the passphrase, %s, cannot be read.", p.file).WithCause(err)
	}
	if inside {
		return secret.Text{}, errPassphraseFile.WithMessage("The file with the passphrase, %s, is in the data folder, so every copy of that would hold it.", p.file)
	}
	file, err := openFile(p.file)
	if err != nil {
		return secret.Text{}, errPassphraseFile.WithMessage("The file with the passphrase, %s, cannot be read.", p.file).WithCause(err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return secret.Text{}, errPassphraseRead.WithCause(err)
	}
	if why := notPrivate(info); why != "" {
		return secret.Text{}, errPassphraseFile.WithMessage("The file with the passphrase, %s, %s.", p.file, why)
	}
	return firstLine(file)
}

// isInside tells whether a file is in a folder, whatever links lead there.
func isInside(file, folder string) (bool, error) {
	real, err := realPath(file)
	if err != nil {
		return false, err
	}
	parent, err := realPath(folder)
	if err != nil {
		return false, err
	}
	path, err := filepath.Rel(parent, real)
	return err == nil && filepath.IsLocal(path), nil
}

func realPath(path string) (string, error) {
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(whole)
}

func (p *passphrases) fromEnvironment() secret.Text {
	p.log.Warn("the passphrase is taken from the environment, where other programs of this user can read it; a credential or a file is safer")
	text := secret.New(os.Getenv(passphraseVariable))
	_ = os.Unsetenv(passphraseVariable)
	return text
}

// fromTerminal asks the person at the terminal, who may press Ctrl-C instead.
func (p *passphrases) fromTerminal(ctx context.Context) (secret.Text, error) {
	fd := int(p.stdin.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return secret.Text{}, errPassphraseRead.WithCause(err)
	}
	_, _ = fmt.Fprint(p.stderr, "Passphrase of this office: ")
	text, err := during(ctx, func() (secret.Text, error) {
		typed, err := term.ReadPassword(fd)
		defer clear(typed)
		if err != nil && !errors.Is(err, io.EOF) {
			return secret.Text{}, errPassphraseRead.WithCause(err)
		}
		return secret.New(string(typed)), nil
	})
	if ctx.Err() != nil {
		_ = term.Restore(fd, before)
	}
	_, _ = fmt.Fprintln(p.stderr)
	return text, err
}

// during waits for what cannot be interrupted, or for the end of ctx.
func during(ctx context.Context, do func() (secret.Text, error)) (secret.Text, error) {
	type result struct {
		text secret.Text
		err  error
	}
	done := make(chan result, 1)
	go func() {
		text, err := do()
		done <- result{text, err}
	}()
	select {
	case got := <-done:
		return got.text, got.err
	case <-ctx.Done():
		return secret.Text{}, context.Cause(ctx)
	}
}
