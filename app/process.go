package app

import (
	"keydesk/backend"
	"keydesk/backend/process"
)

// Process is the page's door to process: one line an operation.
type Process struct {
	door *Door
	on   backend.ProcessOps
}

// ExportCsv runs process.export_csv.
func (d *Process) ExportCsv(in process.ExportInput) (process.CSVFile, error) {
	return call(d.door, d.on.ExportCsv, in)
}

// CreateField runs process.create_field.
func (d *Process) CreateField(in process.CreateFieldInput) (process.Field, error) {
	return call(d.door, d.on.CreateField, in)
}

// UpdateField runs process.update_field.
func (d *Process) UpdateField(in process.UpdateFieldInput) (process.Field, error) {
	return call(d.door, d.on.UpdateField, in)
}

// MoveField runs process.move_field.
func (d *Process) MoveField(in process.MoveInput) ([]process.Field, error) {
	return call(d.door, d.on.MoveField, in)
}

// DeleteField runs process.delete_field.
func (d *Process) DeleteField(in process.DeleteInput) (process.Deleted, error) {
	return call(d.door, d.on.DeleteField, in)
}

// PreviewImport runs process.preview_import.
func (d *Process) PreviewImport(in process.ImportInput) (process.ImportPreview, error) {
	return call(d.door, d.on.PreviewImport, in)
}

// ImportCsv runs process.import_csv.
func (d *Process) ImportCsv(in process.ImportInput) (process.Imported, error) {
	return call(d.door, d.on.ImportCsv, in)
}

// CreatePlace runs process.create_place.
func (d *Process) CreatePlace(in process.CreatePlaceInput) (process.Node, error) {
	return call(d.door, d.on.CreatePlace, in)
}

// RenamePlace runs process.rename_place.
func (d *Process) RenamePlace(in process.RenameInput) (process.Node, error) {
	return call(d.door, d.on.RenamePlace, in)
}

// DeletePlace runs process.delete_place.
func (d *Process) DeletePlace(in process.DeleteInput) (process.Deleted, error) {
	return call(d.door, d.on.DeletePlace, in)
}

// CreateStage runs process.create_stage.
func (d *Process) CreateStage(in process.CreateStageInput) (process.Stage, error) {
	return call(d.door, d.on.CreateStage, in)
}

// RenameStage runs process.rename_stage.
func (d *Process) RenameStage(in process.RenameInput) (process.Stage, error) {
	return call(d.door, d.on.RenameStage, in)
}

// MoveStage runs process.move_stage.
func (d *Process) MoveStage(in process.MoveInput) ([]process.Stage, error) {
	return call(d.door, d.on.MoveStage, in)
}

// DeleteStage runs process.delete_stage.
func (d *Process) DeleteStage(in process.DeleteInput) (process.Deleted, error) {
	return call(d.door, d.on.DeleteStage, in)
}

// Tree runs process.tree.
func (d *Process) Tree(in process.TreeInput) (process.Tree, error) {
	return call(d.door, d.on.Tree, in)
}

// Stages runs process.stages.
func (d *Process) Stages(in process.StagesInput) ([]process.Stage, error) {
	return call(d.door, d.on.Stages, in)
}

// FieldsAt runs process.fields_at.
func (d *Process) FieldsAt(in process.FieldsInput) ([]process.Field, error) {
	return call(d.door, d.on.FieldsAt, in)
}
