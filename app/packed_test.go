package app

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"testing"
	"testing/fstest"
)

// A file that the build has packed is opened as if it was not.
func TestPackedFilesAreOpenedAsTheyWere(t *testing.T) {
	var zipped bytes.Buffer
	writer := gzip.NewWriter(&zipped)
	if _, err := writer.Write([]byte("export const large = 1;")); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	page := packed{fstest.MapFS{
		"index.html": {Data: []byte("<html>")}, "assets/large.js.gz": {Data: zipped.Bytes()}, "assets/broken.js.gz": {Data: zipped.Bytes()[:20]},
	}}
	file, err := page.Open("assets/large.js")
	if err != nil {
		t.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil || info.Name() != "large.js" || info.Size() != 23 || info.IsDir() {
		t.Errorf("it is %+v, %v", info, err)
	}
	// The asset server reads the beginning to find out the type, and then all.
	if _, ok := file.(io.Seeker); !ok {
		t.Error("it cannot be read again")
	}
	if text, err := io.ReadAll(file); err != nil || string(text) != "export const large = 1;" {
		t.Errorf("it holds %q, %v", text, err)
	}
	if err := file.Close(); err != nil {
		t.Error(err)
	}
	if text, err := fs.ReadFile(page, "index.html"); err != nil || string(text) != "<html>" {
		t.Errorf("a file that is not packed is %q, %v", text, err)
	}
	for _, name := range []string{"assets/none.js", "assets/broken.js"} {
		if _, err := page.Open(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s gave %v", name, err)
		}
	}
}
