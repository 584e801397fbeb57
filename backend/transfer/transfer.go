// Package transfer carries API Key Setups with their tree from one organisation
// to another as one JSON file (RULES.md, Import and export; FORMAT.md describes
// the file). It is built on the packages process and setup and adds no rule to
// theirs: setup refuses what a save refuses, setup.ImportDraft decides which secrets
// may stay, and process makes places, stages and fields.
//
// The file holds no secret and no id of the organisation, and two exports of the
// same organisation are equal bytes. A preview is the import itself, in a
// transaction that is rolled back, so that the two cannot differ.
package transfer

import (
	"context"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/setup"
)

// Bounds of a file.
const (
	maxBytes  = 4 << 20
	maxSetups = 5000
	// maxTree counts places, stages and fields together.
	maxTree = 20_000
	// maxObjects counts the objects of a file, including every row and value of
	// its setups.
	maxObjects = 500_000
	// maxNeeds counts what the setups of a file lack here, added up over all
	// setups.
	maxNeeds = 200_000
	// maxDepth is how deep objects and lists may nest; a setup needs eight.
	maxDepth = 16
)

// byFile are the permissions that an import needs only for some files: to replace
// a setup, to make processes.
var byFile = []access.Permission{access.EditSetup, access.CreateProcess}

// Operations.
var (
	OpExport  = access.Op[ExportInput, File]{Name: "transfer.export", Does: "exported API Key Setups", Mode: access.Read, Needs: []access.Permission{access.ExportData, access.ViewSetup}}
	OpPreview = access.Op[PreviewInput, Preview]{Name: "transfer.preview", Does: "looked at a file of API Key Setups", Mode: access.Read, Needs: []access.Permission{access.ImportData, access.CreateSetup}, Asks: byFile}
	OpImport  = access.Op[ImportInput, Imported]{Name: "transfer.import", Does: "imported the API Key Setup", Mode: access.Write, Needs: []access.Permission{access.ImportData, access.CreateSetup}, Asks: byFile}
)

// Faults of this package. Those of a file say the line where they can.
var (
	ErrTooLarge = fault.New(fault.Invalid, "transfer.too_large", "This file is larger than 4 MiB.").
			WithHint("Export fewer setups at a time and import them one file after another.")
	ErrUnreadable = fault.New(fault.Invalid, "transfer.unreadable", "This file is not text in UTF-8.").
			WithHint("Choose a file that Keydesk exported.")
	ErrBroken = fault.New(fault.Invalid, "transfer.broken", "This is not a complete JSON file.").
			WithHint("It may have been cut or edited. Export it again.")
	ErrOtherKind = fault.New(fault.Invalid, "transfer.other_kind", "This file holds no API Key Setups.").
			WithHint("Choose a file made with Export setups.")
	ErrNewer = fault.New(fault.Invalid, "transfer.newer", "A newer Keydesk made this file.").
			WithHint("Update Keydesk here, then import it again.")
	ErrTooMuch = fault.New(fault.Invalid, "transfer.too_much", "This file holds more than Keydesk imports at once.").
			WithHint("Export fewer setups at a time and import them one file after another.")
	ErrFaulty = fault.New(fault.Invalid, "transfer.faulty", "This file has an error.").
			WithHint("Nothing was imported. Correct the file, or export it again.")

	ErrNothing = fault.New(fault.Invalid, "transfer.nothing", "There is no setup to export.").
			WithHint("Clear the search and the filters, then export again.")
	ErrDeleted = fault.New(fault.Invalid, "transfer.deleted", "Deleted setups are not exported.").
			WithHint("Restore them first.")
	ErrTooMany = fault.New(fault.Invalid, "transfer.too_many", "These are more setups than one file holds.").
			WithHint("Search or filter the list and export it in parts.")

	ErrNoChoice = fault.New(fault.Invalid, "transfer.no_choice", "No setup of this file is chosen.").
			WithHint("Choose at least one to import.")
	ErrMoved = fault.New(fault.Conflict, "transfer.moved", "Something changed here since the preview, so nothing was imported.").
			WithHint("Look at the preview again.")
	ErrRefused = fault.New(fault.Invalid, "transfer.refused", "A setup of this file cannot be imported.")
)

// Transactions runs fn in one transaction that travels in the context; an error
// undoes everything.
type Transactions interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Providers gives a provider by id; an error if there is none here.
type Providers interface {
	Get(id string) (*provider.Provider, error)
}

// Parts are what the service is made of.
type Parts struct {
	Transactions Transactions
	Process      *process.Service
	Setups       *setup.Service
	// Validate checks a draft by its validate tags, as the gate does with what
	// comes from the page.
	Validate  func(in any) error
	Providers Providers
}

// Service holds the use cases.
type Service struct{ Parts }

// New makes the service; it does no I/O.
func New(parts Parts) *Service { return &Service{parts} }
