package app

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"path"
)

// packed opens the files of a page, of which the build keeps some as NAME.gz: code
// that the first paint does not load (frontend/vite.config.ts). That makes the program
// more than a megabyte smaller.
type packed struct{ fs.FS }

// Open returns a file as it was before it was packed.
func (p packed) Open(name string) (fs.File, error) {
	file, err := p.FS.Open(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return file, err
	}
	content, unpackErr := p.unpacked(name)
	if unpackErr != nil {
		return nil, errors.Join(err, unpackErr)
	}
	return content, nil
}

func (p packed) unpacked(name string) (fs.File, error) {
	file, err := p.FS.Open(name + ".gz")
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	plain, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(plain)
	if err != nil {
		return nil, err
	}
	return &unpackedFile{bytes.NewReader(content), unpackedInfo{info, name, int64(len(content))}}, nil
}

type unpackedFile struct {
	*bytes.Reader
	info unpackedInfo
}

func (f *unpackedFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *unpackedFile) Close() error               { return nil }

type unpackedInfo struct {
	fs.FileInfo
	path string
	size int64
}

func (i unpackedInfo) Name() string { return path.Base(i.path) }
func (i unpackedInfo) Size() int64  { return i.size }
