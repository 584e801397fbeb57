// Package process keeps the process tree: places of three levels, the stages
// of each place in their order, and the fields a record has at each stage.
//
// References to a place, stage or field are by id, so that a rename reaches
// every setup; the store rewrites the setups' search text and sort keys in the
// same transaction. What a setup uses cannot be deleted. This package asks the
// store for that use and never imports the setup feature (RULES.md, Processes;
// A08 to A13).
package process

import (
	"context"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// Node is a point in the process tree: a Process (level 1), Sub Process (2)
// or Sub Sub Process (3).
type Node struct {
	ID string `json:"id"`
	// ParentID is empty at level 1.
	ParentID string `json:"parent_id"`
	Level    int    `json:"level"`
	Name     string `json:"name"`
	// Code is made from the first name, unique among siblings, and kept when
	// the place is renamed.
	Code    string `json:"code"`
	Version int    `json:"version"`
	// Setups counts the setups at or below this place that are not deleted.
	// Only the tree sets it.
	Setups int `json:"setups"`
}

// FieldType is the kind of value that a stage field holds.
type FieldType string

// The types of a stage field.
const (
	Text    FieldType = "text"
	Number  FieldType = "number"
	Phone   FieldType = "phone"
	Date    FieldType = "date"
	Email   FieldType = "email"
	Boolean FieldType = "boolean"
)

// Types lists the field types in the order people are offered them.
var Types = []FieldType{Text, Number, Phone, Email, Date, Boolean}

// Field is a named, typed value that a record has at a stage (A12).
type Field struct {
	ID       string    `json:"id"`
	StageID  string    `json:"stage_id"`
	Name     string    `json:"name"`
	Code     string    `json:"code"`
	Type     FieldType `json:"type"`
	Required bool      `json:"required"`
	// Sample is the value a test starts with: a date as YYYY-MM-DD, yes/no as
	// true or false, a number with a dot. Empty is allowed.
	Sample   string `json:"sample"`
	Position int    `json:"position"`
	Version  int    `json:"version"`
}

// Stage is a step at one place, in an order (A11).
type Stage struct {
	ID       string  `json:"id"`
	PlaceID  string  `json:"place_id"`
	Name     string  `json:"name"`
	Code     string  `json:"code"`
	Position int     `json:"position"`
	Version  int     `json:"version"`
	Fields   []Field `json:"fields"`
}

// Scope is where a setup belongs: a place, and one of its stages or every stage
// here.
type Scope struct {
	// Path is the place with those above it, root first, with only ids and
	// names set.
	Path []Node
	// Stage is the stage's name, empty for every stage here.
	Stage string
	// Fields are what a setup there can use (R2).
	Fields []Field
}

// Tree is every place, parents before children and siblings by name, with
// every stage by place and position. Its stages carry no fields.
type Tree struct {
	Places []Node  `json:"places"`
	Stages []Stage `json:"stages"`
}

// SetupUse is what this package needs to know of a setup.
type SetupUse struct {
	ID string
	// Name reads as "Orders / Delivery / Shipped, SMS".
	Name    string
	Deleted bool
	// Fields are the stage field names its stage parameter rows take.
	Fields []string
}

// Store keeps what this package needs. Every method joins the context's
// transaction; the writing ones need one.
type Store interface {
	// Nodes returns every place, parents before children, siblings by folded
	// name.
	Nodes(ctx context.Context) ([]Node, error)
	// NodeByID returns one place. Faults: ErrPlaceGone.
	NodeByID(ctx context.Context, id string) (Node, error)
	// NodesAtOrBelow returns a place and what is beneath it, in the order of
	// Nodes.
	NodesAtOrBelow(ctx context.Context, id string) ([]Node, error)
	// SetupCounts counts the setups at each place that are not deleted.
	SetupCounts(ctx context.Context) (map[string]int, error)
	// InsertNode adds a place. Faults: ErrNameTaken.
	InsertNode(ctx context.Context, place Node) error
	// RenameNode renames it and rewrites the keys and search text of every
	// setup at or below. Faults: ErrNameTaken, ErrStale.
	RenameNode(ctx context.Context, id, name string, version int) error
	// DeleteNode removes a place with the places, stages and fields beneath.
	DeleteNode(ctx context.Context, id string) error

	// ScopeAt returns a place and one of its stages with that stage's fields, in
	// one read; without a stage there are no fields. Faults: ErrPlaceGone,
	// ErrStageGone, ErrOtherBranch.
	ScopeAt(ctx context.Context, placeID, stageID string) (Scope, error)

	// Stages returns every stage without fields, by place and position.
	Stages(ctx context.Context) ([]Stage, error)
	// StagesAt returns a place's stages with their fields, in their order.
	StagesAt(ctx context.Context, placeID string) ([]Stage, error)
	// StageByID returns one stage with its fields. Faults: ErrStageGone.
	StageByID(ctx context.Context, id string) (Stage, error)
	// InsertStage adds a stage. Faults: ErrNameTaken.
	InsertStage(ctx context.Context, stage Stage) error
	// RenameStage renames it and rewrites the keys and search text of the
	// setups there. Faults: ErrNameTaken, ErrStale.
	RenameStage(ctx context.Context, id, name string, version int) error
	// PlaceStage sets a stage's position.
	PlaceStage(ctx context.Context, id string, position int) error
	// DeleteStage removes a stage with its fields.
	DeleteStage(ctx context.Context, id string) error

	// FieldsAtOrBelow returns the fields of every stage at or below a place: by
	// place as PlacesAtOrBelow gives them, stage position and field position.
	FieldsAtOrBelow(ctx context.Context, placeID string) ([]Field, error)
	// AllFields returns every field, by stage and position.
	AllFields(ctx context.Context) ([]Field, error)
	// FieldByID returns one field. Faults: ErrFieldGone.
	FieldByID(ctx context.Context, id string) (Field, error)
	// InsertField adds a field. Faults: ErrNameTaken.
	InsertField(ctx context.Context, field Field) error
	// UpdateField writes name, type, required and sample of the field whose
	// version is still field.Version. Faults: ErrNameTaken, ErrStale.
	UpdateField(ctx context.Context, field Field) error
	// PlaceField sets a field's position.
	PlaceField(ctx context.Context, id string, position int) error
	// DeleteField removes a field.
	DeleteField(ctx context.Context, id string) error

	// SetupsAtOrBelow returns the setups at a place and beneath it, deleted
	// ones too, in list order and without Fields.
	SetupsAtOrBelow(ctx context.Context, placeID string) ([]SetupUse, error)
	// SetupsAtStage returns the setups of exactly this stage, deleted ones too.
	SetupsAtStage(ctx context.Context, stageID string) ([]SetupUse, error)
	// WholePlaceSetups returns the setups for every stage of exactly this
	// place, deleted ones too.
	WholePlaceSetups(ctx context.Context, placeID string) ([]SetupUse, error)
	// RenameFieldInSetups changes the stage parameter rows of these setups
	// that take the field named from, so that they take the one named to.
	RenameFieldInSetups(ctx context.Context, setupIDs []string, from, to string) error
}

// Faults of this package.
var (
	ErrNameTaken = fault.New(fault.Conflict, "process.name_taken", "This name is already used here.").
			WithField("name", "This name is already used here. Choose another.")
	ErrStale = fault.New(fault.Conflict, "process.stale", "Somebody changed this meanwhile, so your change was not saved.").
			WithHint("Reload, look at what is there now, and make your change again.")
	ErrPlaceGone = fault.New(fault.NotFound, "process.place_gone", "This process is no longer there.").
			WithHint("Reload the page; somebody may have deleted it.")
	ErrStageGone = fault.New(fault.NotFound, "process.stage_gone", "This stage is no longer there.").
			WithHint("Reload the page; somebody may have deleted it.")
	ErrFieldGone = fault.New(fault.NotFound, "process.field_gone", "This stage field is no longer there.").
			WithHint("Reload the page; somebody may have deleted it.")
	ErrTooDeep = fault.New(fault.Invalid, "process.too_deep", "A Sub Sub Process is the last level.").
			WithHint("Add a stage here, or a Sub Sub Process next to it.").
			WithField("parent_id", "A Sub Sub Process cannot hold another level.")
	ErrOtherBranch = fault.New(fault.Invalid, "process.other_branch", "This stage belongs to another process.").
			WithHint("Choose a stage of the chosen process.").
			WithField("stage_id", "Choose a stage of the chosen process.")
	ErrInUse  = fault.New(fault.Conflict, "process.in_use", "This is used by a setup, so it was not deleted.")
	ErrAtEdge = fault.New(fault.Conflict, "process.at_edge", "It cannot move further in this direction.")
)

// Service has the use cases of the process tree.
type Service struct {
	store Store
}

// New makes the service; it does no I/O.
func New(store Store) *Service { return &Service{store: store} }

// readers are the permissions of which any one lets a person see the tree: the
// setup form needs it too (A13, A20 to A23).
var readers = []access.Permission{
	access.ViewProcess, access.ViewSetup, access.CreateSetup, access.EditSetup,
}

// Direction is where a stage or field moves in its order.
type Direction string

// The directions.
const (
	Up   Direction = "up"
	Down Direction = "down"
)

// MoveInput names what moves and in which direction.
type MoveInput struct {
	ID        string    `json:"id" validate:"required"`
	Direction Direction `json:"direction" validate:"oneof=up down"`
}

// DeleteInput names what is deleted, as the caller last saw it.
type DeleteInput struct {
	ID      string `json:"id" validate:"required"`
	Version int    `json:"version" validate:"min=1"`
}

// Deleted counts what was deleted.
type Deleted struct {
	Places int `json:"places"`
	Stages int `json:"stages"`
	Fields int `json:"fields"`
}

// RenameInput gives a place or stage a new name. Version is the one the
// caller saw.
type RenameInput struct {
	ID      string `json:"id" validate:"required"`
	Name    string `json:"name" validate:"required"`
	Version int    `json:"version" validate:"min=1"`
}
