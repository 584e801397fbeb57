package provider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"keydesk/backend/access"
)

// aside is where files are moved to, inside the folder, once they were taken in.
const aside = "taken in"

// OpTakeIn takes in the files of the folder at start.
var OpTakeIn = access.Op[struct{}, TakenIn]{Name: "provider.take_in", Does: "added (from the folder) the provider", Mode: access.Write, System: true}

// TakenIn names the files of the folder that are in the database now: those
// that were just taken in, and those that were before.
type TakenIn struct {
	Files []string `json:"files"`
	// New counts those that were taken in now.
	New int `json:"new"`
}

// TakeIn takes the provider files of the folder into the database. A faulty one
// stays where it is and is listed by All. MoveAside moves what was taken in, after
// the commit: if the program stops before that, the next start finds the same
// file again and changes nothing.
func (s *Service) TakeIn(ctx context.Context, _ struct{}) (TakenIn, error) {
	found, _ := readFolder(s.folder)
	taken := TakenIn{Files: []string{}}
	if len(found) == 0 {
		return taken, nil
	}
	stored, err := s.store.ProviderFiles(ctx)
	if err != nil {
		return TakenIn{}, err
	}
	for _, file := range found {
		p, faults := s.judge(file, stored)
		if len(faults) > 0 {
			continue
		}
		if stored[p.ID] != string(file.data) {
			if err := s.keep(ctx, p); err != nil {
				return TakenIn{}, err
			}
			stored[p.ID] = string(file.data)
			taken.New++
		}
		taken.Files = append(taken.Files, file.name)
	}
	return taken, nil
}

// MoveAside moves files that were taken in out of the way.
func (s *Service) MoveAside(taken TakenIn) error {
	if len(taken.Files) == 0 {
		return nil
	}
	if err := os.MkdirAll(filepath.Join(s.folder, aside), 0o700); err != nil {
		return err
	}
	var failed error
	for _, name := range taken.Files {
		failed = errors.Join(failed, os.Rename(filepath.Join(s.folder, name), filepath.Join(s.folder, aside, name)))
	}
	return failed
}

// waiting names the files of the folder that are taken in at the next start,
// and says what is wrong with the others.
func (s *Service) waiting(ctx context.Context) (waiting []string, faults []FileFault, err error) {
	waiting = []string{}
	found, faults := readFolder(s.folder)
	if len(found) == 0 {
		return waiting, faults, nil
	}
	stored, err := s.store.ProviderFiles(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, file := range found {
		p, wrong := s.judge(file, stored)
		faults = append(faults, wrong...)
		if len(wrong) == 0 {
			stored[p.ID] = string(file.data)
			waiting = append(waiting, file.name)
		}
	}
	return waiting, faults, nil
}

// judge reads a file of the folder and compares it with what is stored. A file
// replaces a stored one with the same id only if its version is higher, so that
// of two files with one id always the same one is used.
func (s *Service) judge(file folderFile, stored map[string]string) (*Provider, []FileFault) {
	p, faults := s.loadOwn(file.name, file.data)
	if p == nil {
		return nil, faults
	}
	text, known := stored[p.ID]
	if !known || text == string(file.data) {
		return p, nil
	}
	if old, _ := Load(file.name, []byte(text)); old != nil && old.Version >= p.Version {
		return nil, []FileFault{{file.name, 0, fmt.Sprintf("Another file already has the id %s, in version %d. Give this one a higher version or another id.", p.ID, old.Version)}}
	}
	return p, nil
}

type folderFile struct {
	name string
	data []byte
}

// readFolder gives the provider files of a folder in the order of names. It reads
// only plain files, and of a large one only enough to see that it is too large.
func readFolder(dir string) (files []folderFile, faults []FileFault) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, []FileFault{{filepath.Base(dir), 0, "The folder cannot be read."}}
	}
	for _, entry := range entries {
		name := entry.Name()
		ext := strings.ToLower(filepath.Ext(name))
		if strings.HasPrefix(name, ".") || ext != ".yaml" && ext != ".yml" {
			continue
		}
		if !entry.Type().IsRegular() {
			faults = append(faults, FileFault{name, 0, "This is not a plain file."})
			continue
		}
		data, err := readSome(filepath.Join(dir, name))
		if err != nil {
			faults = append(faults, FileFault{name, 0, "The file cannot be read."})
			continue
		}
		files = append(files, folderFile{name, data})
	}
	return files, faults
}

func readSome(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, MaxFile+1))
}
