package app

import (
	"keydesk/backend"
	"keydesk/backend/provider"
)

// Provider is the page's door to provider: one line an operation.
type Provider struct {
	door *Door
	on   backend.ProviderOps
}

// List runs provider.list.
func (d *Provider) List(in provider.ListInput) (provider.List, error) {
	return call(d.door, d.on.List, in)
}

// Get runs provider.get.
func (d *Provider) Get(in provider.IDInput) (provider.Form, error) {
	return call(d.door, d.on.Get, in)
}

// Export runs provider.export.
func (d *Provider) Export(in provider.IDInput) (provider.File, error) {
	return call(d.door, d.on.Export, in)
}

// Example runs provider.example.
func (d *Provider) Example(in provider.ExampleInput) (provider.File, error) {
	return call(d.door, d.on.Example, in)
}

// PreviewImport runs provider.preview_import.
func (d *Provider) PreviewImport(in provider.FileInput) (provider.FilePreview, error) {
	return call(d.door, d.on.PreviewImport, in)
}

// Import runs provider.import.
func (d *Provider) Import(in provider.FileInput) (provider.Summary, error) {
	return call(d.door, d.on.Import, in)
}

// Delete runs provider.delete.
func (d *Provider) Delete(in provider.IDInput) (provider.Removed, error) {
	return call(d.door, d.on.Delete, in)
}
