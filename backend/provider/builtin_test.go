package provider_test

import (
	"testing"

	"keydesk/backend/provider"
)

// Every built-in file loads without a fault, and no file is missing.
func TestBuiltInFilesLoad(t *testing.T) {
	c := provider.New(nil)
	for _, f := range c.Faults() {
		t.Error(f)
	}
	var ids []string
	for _, p := range c.List() {
		ids = append(ids, p.ID)
		if !p.BuiltIn {
			t.Errorf("%s is not marked as built in", p.ID)
		}
	}
	if len(ids) != 20 {
		t.Errorf("%d providers: %v", len(ids), ids)
	}
}
