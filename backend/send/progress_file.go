package send

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// LoadProgress reads the progress of an earlier run; nil where there is none. What a
// kill left of a last line is not part of it. Faults: ErrProgress, ErrProgressBroken.
func LoadProgress(path string) (*Progress, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil //nolint:nilnil // no run is no fault
	case err == nil && !info.Mode().IsRegular():
		return nil, ErrProgress.WithMessage("%s is not a plain file.", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, ErrProgress.WithMessage("The progress file %s cannot be read.", path).WithCause(err)
	}
	p := &Progress{results: map[int]Outcome{}, open: map[int]asked{}, wrote: map[string]string{}, marks: map[string]bool{}}
	number := 0
	for one := range bytes.Lines(text) {
		number++
		err := p.read(one, number)
		switch {
		case err == nil:
			p.size += int64(len(one))
		case p.size+int64(len(one)) == int64(len(text)) && number > 1:
			return p, nil // the last line was not written whole
		case number == 1 && !bytes.HasSuffix(one, []byte("\n")):
			return nil, nil //nolint:nilnil // nothing was asked before the first line was whole
		default:
			return nil, ErrProgressBroken.WithMessage("The progress file %s is damaged in line %d.", path, number).WithCause(err)
		}
	}
	if number == 0 { // made, and killed before anything was asked
		return nil, nil //nolint:nilnil // as above
	}
	return p, nil
}

var errNoLine = errors.New("send: not a line of a progress file")

func (p *Progress) read(text []byte, number int) error {
	if !bytes.HasSuffix(text, []byte("\n")) {
		return errNoLine
	}
	if number == 1 {
		err := json.Unmarshal(text, &p.start)
		if err == nil && (p.Version != progressVersion || p.Run == "" || p.Rows < 1) {
			err = errNoLine
		}
		return err
	}
	var one line
	if err := json.Unmarshal(text, &one); err != nil {
		return err
	}
	for _, row := range append(append([]int{one.Row}, one.Asked...), one.Freed...) {
		if row < 0 || row > p.Rows {
			return errNoLine
		}
	}
	p.apply(one)
	return nil
}

// Create begins a run in a new file. A file that is there is kept beside it with
// ".old" behind its name.
func Create(path string, t *Table, mode string) (*Progress, error) {
	if err := os.Rename(path, path+".old"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, ErrProgress.WithMessage("The progress file %s cannot be replaced.", path).WithCause(err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err != nil {
		return nil, cannotWrite(path, err)
	}
	p := InMemory(t, mode)
	p.file = file
	text, err := json.Marshal(p.start)
	if err != nil {
		return nil, err
	}
	if err := p.write(append(text, '\n'), true); err != nil {
		_ = file.Close()
		_ = os.Remove(path)
		return nil, err
	}
	// So that the name is there after a power cut as well.
	if folder, err := os.Open(filepath.Dir(path)); err == nil {
		_ = folder.Sync()
		_ = folder.Close()
	}
	return p, nil
}

// Continue opens the file of an earlier run for what follows.
func (p *Progress) Continue(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o600)
	if err == nil {
		err = file.Truncate(p.size)
	}
	if err != nil {
		return cannotWrite(path, err)
	}
	p.file = file
	return nil
}

func cannotWrite(path string, err error) error {
	return ErrProgress.WithMessage("The progress file %s cannot be written: %s.", path, cause(err)).WithCause(err)
}

// cause is why the system refused, without the path.
func cause(err error) string {
	if known := (*fs.PathError)(nil); errors.As(err, &known) {
		err = known.Err
	}
	return err.Error()
}

// Close closes the file.
func (p *Progress) Close() error {
	if p.file == nil {
		return nil
	}
	return p.file.Close()
}

func (p *Progress) write(text []byte, sync bool) error {
	if p.file == nil || p.broken != nil {
		return p.broken
	}
	_, err := p.file.Write(text)
	if err == nil && sync {
		err = p.file.Sync()
	}
	if err != nil {
		p.broken = notKept(err)
	}
	return p.broken
}

func notKept(err error) error {
	return ErrProgress.WithMessage("The progress of this run cannot be kept any more: %s.", cause(err)).
		WithHint("Nothing more is sent. Once the file can be written, the same command goes on.").WithCause(err)
}
