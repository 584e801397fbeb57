package app

import (
	"keydesk/backend"
	"keydesk/backend/exchange"
)

// Exchange is the page's door to exchange: one line an operation.
type Exchange struct {
	door *Door
	on   backend.ExchangeCalls
}

// Export runs exchange.export.
func (d *Exchange) Export(in exchange.ExportInput) (exchange.File, error) {
	return call(d.door, d.on.Export, in)
}

// Preview runs exchange.preview.
func (d *Exchange) Preview(in exchange.PreviewInput) (exchange.Preview, error) {
	return call(d.door, d.on.Preview, in)
}

// Import runs exchange.import.
func (d *Exchange) Import(in exchange.ImportInput) (exchange.Imported, error) {
	return call(d.door, d.on.Import, in)
}
