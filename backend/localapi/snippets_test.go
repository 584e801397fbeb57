package localapi

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"keydesk/backend/organisation"
)

// runners run a snippet that is in a file. build/setup.sh installs the programs.
var runners = map[string]func(t *testing.T, file string) *exec.Cmd{
	"curl":       with("sh"),
	"javascript": with("node"),
	"python":     with("python3"),
	"php":        with("php"),
	"csharp":     withMono,
}

func with(program string) func(*testing.T, string) *exec.Cmd {
	return func(_ *testing.T, file string) *exec.Cmd { return exec.Command(program, file) }
}

// withMono compiles C# with Debian's compiler, which knows neither statements
// outside a class nor the usings that a project of .NET has by itself. What the
// compiler of .NET adds is written around the snippet, whose lines stay as printed.
func withMono(t *testing.T, file string) *exec.Cmd {
	t.Helper()
	statements, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	source, program := file+".cs", file+".exe"
	whole := "using System;\nusing System.Net.Http;\nusing System.Threading.Tasks;\nclass Program {\nstatic async Task Run() {\n" +
		string(statements) + "}\nstatic void Main() { Run().GetAwaiter().GetResult(); }\n}\n"
	if err := os.WriteFile(source, []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	if printed, err := exec.Command("mcs", "-r:System.Net.Http.dll", "-out:"+program, source).CombinedOutput(); err != nil {
		t.Fatalf("the compiler says: %v\n%s\n%s", err, printed, whole)
	}
	return exec.Command("mono", program)
}

// C04: what a client's view shows runs as it is printed, once the key is pasted.
func TestSnippetsRunAsPrinted(t *testing.T) {
	o := newRealOffice(t)
	made := o.issue(nil)
	client := run(o, o.host.Ops.Organisation.Client, organisation.Nothing{})
	if !client.On || client.Address != o.door.State().Listening[0] {
		t.Errorf("the client's view shows %+v", client)
	}
	ran := map[string]bool{}
	for _, snippet := range client.Snippets {
		runner, known := runners[snippet.Language]
		if !known {
			t.Errorf("nothing runs %s", snippet.Language)
			continue
		}
		ran[snippet.Language] = true
		if strings.Count(snippet.Code, organisation.KeyPlaceholder) != 1 {
			t.Errorf("%s has no one place for the key: %s", snippet.Language, snippet.Code)
		}
		for key, works := range map[string]bool{made.Secret: true, "wrong": false} {
			file := filepath.Join(t.TempDir(), "snippet")
			o.must(os.WriteFile(file, []byte(strings.Replace(snippet.Code, organisation.KeyPlaceholder, key, 1)), 0o600))
			cmd := runner(t, file)
			// A proxy of this computer is for other addresses.
			cmd.Env = append(os.Environ(), "no_proxy=*,127.0.0.1", "NO_PROXY=*,127.0.0.1")
			printed, err := cmd.CombinedOutput()
			if said := strings.Contains(string(printed), made.Key.ID); said != works || works && err != nil {
				t.Errorf("%s with the key %s: %v\n%s", snippet.Language, key[:5], err, printed)
			}
		}
	}
	if len(ran) != len(runners) {
		t.Errorf("there are snippets for %v alone", ran)
	}
}
