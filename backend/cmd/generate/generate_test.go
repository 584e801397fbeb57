package main

import (
	"reflect"
	"strings"
	"testing"

	"keydesk/backend/access"
	"keydesk/backend/gate"
)

// An operation is declared once: the committed files that repeat it are what
// the generator would write now.
func TestGeneratedFilesAreUpToDate(t *testing.T) {
	fresh, err := generate(registry())
	if err != nil {
		t.Fatal(err)
	}
	committed, err := generated("../../..")
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range fresh {
		if committed[path] != content {
			t.Errorf("%s is not up to date; run: make generate", path)
		}
	}
	for path := range committed {
		if _, ok := fresh[path]; !ok {
			t.Errorf("%s is left over; run: make generate", path)
		}
	}
	if len(fresh) < 10 {
		t.Errorf("only %d files were generated", len(fresh))
	}
}

type (
	nothing struct{}
	input   struct{ ID string }
	answer  struct{ ID string }
)

// What is written of one operation in each file.
func TestOneOperation(t *testing.T) {
	files, err := generate([]gate.Bound{
		{
			Info: access.Info{
				Name: "thing.delete_all", Does: `deleted "all"`, Mode: access.Long, Fresh: true,
				Needs: []access.Permission{access.DeleteSetup, access.ViewSetup}, Any: []access.Permission{access.EditSetup},
			},
			In: reflect.TypeFor[input](), Out: reflect.TypeFor[[]answer](),
		},
		{
			Info: access.Info{Name: "thing.look", Does: "looked", Mode: access.Read, Needs: []access.Permission{access.SignedIn}},
			In:   reflect.TypeFor[nothing](), Out: reflect.TypeFor[answer](),
		},
		{
			Info: access.Info{Name: "thing.see", Does: "saw", Mode: access.Read, Public: true},
			In:   reflect.TypeFor[struct{}](), Out: reflect.TypeFor[answer](),
		},
		{
			Info: access.Info{Name: "thing.tidy", Does: "tidied", Mode: access.Write, System: true},
			In:   reflect.TypeFor[nothing](), Out: reflect.TypeFor[answer](),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range files {
		if strings.Contains(strings.ToLower(content), "tidy") && path != pageFolder+"/words.ts" {
			t.Errorf("%s holds Keydesk's own work:\n%s", path, content)
		}
	}
	for path, wants := range map[string][]string{
		handlersFile: {
			"Thing ThingOps\n",
			"DeleteAll gate.Handler[generate.input, []generate.answer]\n",
			"See       gate.Handler[struct{}, generate.answer]\n",
			"DeleteAll: gate.HandlerOf(g, thing.OpDeleteAll),\n",
			"\"keydesk/backend/thing\"\n",
		},
		doorFile: {
			"&Thing{a.door, a.ops.Thing},\n",
			"func (d *Thing) DeleteAll(in generate.input) ([]generate.answer, error) {\n\treturn call(d.door, d.on.DeleteAll, in)\n}",
			"func (d *Thing) Look() (generate.answer, error) {\n\treturn call(d.door, d.on.Look, generate.nothing{})\n}",
			"func (d *Thing) See() (generate.answer, error) {\n\treturn call(d.door, d.on.See, struct{}{})\n}",
		},
		pageFolder + "/thing.ts": {
			`export const DeleteAll = { name: "thing.delete_all", mode: "long", fresh: true, needs: ["setup.delete", "setup.view"], any: ["setup.edit"], call: goDeleteAll } as const satisfies Declared;`,
			`export const Look = { name: "thing.look", mode: "read", call: goLook } as const satisfies Declared;`,
			`export const See = { name: "thing.see", mode: "read", public: true, call: goSee } as const satisfies Declared;`,
		},
		pageFolder + "/index.ts": {`export * as thing from "./thing";`},
		pageFolder + "/words.ts": {`"thing.delete_all": "deleted \"all\"",`, `"thing.look": "looked",`, `"thing.tidy": "tidied",`, `"stage_field": "Stage Field",`, `"refusal": "Refusal",`},
	} {
		for _, want := range wants {
			if !strings.Contains(files[path], want) {
				t.Errorf("%s lacks %q:\n%s", path, want, files[path])
			}
		}
	}
}
