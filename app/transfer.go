package app

import (
	"keydesk/backend"
	"keydesk/backend/transfer"
)

// Transfer is the page's door to exchange: one line an operation.
type Transfer struct {
	door *Door
	on   backend.TransferOps
}

// Export runs transfer.export.
func (d *Transfer) Export(in transfer.ExportInput) (transfer.File, error) {
	return call(d.door, d.on.Export, in)
}

// Preview runs transfer.preview.
func (d *Transfer) Preview(in transfer.PreviewInput) (transfer.Preview, error) {
	return call(d.door, d.on.Preview, in)
}

// Import runs transfer.import.
func (d *Transfer) Import(in transfer.ImportInput) (transfer.Imported, error) {
	return call(d.door, d.on.Import, in)
}
