package localapi

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"keydesk/backend/organisation"
)

// C04: what a client's view shows runs as it is printed, once the key is pasted.
// build/setup.sh installs the programs.
func TestSnippetsRunAsPrinted(t *testing.T) {
	o := newRealOffice(t)
	made := o.issue(nil)
	client := run(o, o.host.Ops.Organisation.Client, organisation.Nothing{})
	if !client.On || client.Address != o.door.State().Listening[0] {
		t.Errorf("the client's view shows %+v", client)
	}
	programs := map[string]string{"curl": "sh", "javascript": "node", "python": "python3"}
	for _, snippet := range client.Snippets {
		program, known := programs[snippet.Language]
		if !known {
			t.Errorf("nothing runs %s", snippet.Language)
			continue
		}
		delete(programs, snippet.Language)
		if strings.Count(snippet.Code, organisation.KeyPlaceholder) != 1 {
			t.Errorf("%s has no one place for the key: %s", snippet.Language, snippet.Code)
		}
		for key, works := range map[string]bool{made.Secret: true, "wrong": false} {
			file := filepath.Join(t.TempDir(), "snippet")
			o.must(os.WriteFile(file, []byte(strings.Replace(snippet.Code, organisation.KeyPlaceholder, key, 1)), 0o600))
			cmd := exec.Command(program, file)
			// A proxy of this computer is for other addresses.
			cmd.Env = append(os.Environ(), "no_proxy=*", "NO_PROXY=*")
			printed, err := cmd.CombinedOutput()
			if said := strings.Contains(string(printed), made.Key.ID); said != works || works && err != nil {
				t.Errorf("%s with the key %s: %v\n%s", snippet.Language, key[:5], err, printed)
			}
		}
	}
	if len(programs) != 0 {
		t.Errorf("there are no snippets for %v", programs)
	}
}
