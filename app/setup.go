package app

import (
	"keydesk/backend"
	"keydesk/backend/setup"
)

// Setup is the page's door to setup: one line an operation.
type Setup struct {
	door *Door
	on   backend.SetupOps
}

// DeleteInfo runs setup.delete_info.
func (d *Setup) DeleteInfo(in setup.IDInput) (setup.DeleteInfo, error) {
	return call(d.door, d.on.DeleteInfo, in)
}

// Delete runs setup.delete.
func (d *Setup) Delete(in setup.IDInput) (setup.Setup, error) {
	return call(d.door, d.on.Delete, in)
}

// Restore runs setup.restore.
func (d *Setup) Restore(in setup.IDInput) (setup.Setup, error) {
	return call(d.door, d.on.Restore, in)
}

// List runs setup.list.
func (d *Setup) List(in setup.ListInput) (setup.Page, error) {
	return call(d.door, d.on.List, in)
}

// Get runs setup.get.
func (d *Setup) Get(in setup.IDInput) (setup.Setup, error) {
	return call(d.door, d.on.Get, in)
}

// Paste runs setup.paste.
func (d *Setup) Paste(in setup.PasteInput) (setup.Pasted, error) {
	return call(d.door, d.on.Paste, in)
}

// Apply runs setup.apply.
func (d *Setup) Apply(in setup.ApplyInput) (setup.Applied, error) {
	return call(d.door, d.on.Apply, in)
}

// Preview runs setup.preview.
func (d *Setup) Preview(in setup.PreviewInput) (setup.PreviewOutput, error) {
	return call(d.door, d.on.Preview, in)
}

// Curl runs setup.curl.
func (d *Setup) Curl(in setup.CurlInput) (setup.CurlOutput, error) {
	return call(d.door, d.on.Curl, in)
}

// Resolve runs setup.resolve.
func (d *Setup) Resolve(in setup.ResolveInput) (setup.Resolution, error) {
	return call(d.door, d.on.Resolve, in)
}

// Create runs setup.create.
func (d *Setup) Create(in setup.CreateInput) (setup.SavedSetups, error) {
	return call(d.door, d.on.Create, in)
}

// Update runs setup.update.
func (d *Setup) Update(in setup.UpdateInput) (setup.Setup, error) {
	return call(d.door, d.on.Update, in)
}
