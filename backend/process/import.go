package process

import (
	"context"
	"fmt"
	"strings"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// ImportInput is the text of a CSV file.
type ImportInput struct {
	Text string `json:"text" validate:"required"`
}

// ImportRow says what one line of the file does: all three lists are empty
// when what it describes is already there.
type ImportRow struct {
	// Line counts from 1, the first line of the file.
	Line int `json:"line"`
	// Path reads as "Orders / Delivery / Shipped / Mobile".
	Path string `json:"path"`
	// Makes names what will be made, as in "Stage Shipped".
	Makes []string `json:"makes"`
	// Changes says what will change, as in "Sample Value: 1 to 2".
	Changes []string `json:"changes"`
	Errors  []string `json:"errors"`
}

// ImportPreview is what an import would do. Nothing is imported while a line
// has an error.
type ImportPreview struct {
	Rows    []ImportRow `json:"rows"`
	Places  int         `json:"places"`
	Stages  int         `json:"stages"`
	Fields  int         `json:"fields"`
	Changed int         `json:"changed"`
	// Errors counts the lines with an error.
	Errors int `json:"errors"`
}

// Imported counts what an import made and changed.
type Imported struct {
	Places  int `json:"places"`
	Stages  int `json:"stages"`
	Fields  int `json:"fields"`
	Changed int `json:"changed"`
}

// Operations of import.
var (
	OpPreviewImport = access.Op[ImportInput, ImportPreview]{Name: "process.preview_import", Does: "looked at an import", Needs: []access.Permission{access.ImportData}, Mode: access.Read}
	OpImportCsv     = access.Op[ImportInput, Imported]{Name: "process.import_csv", Does: "imported processes", Needs: []access.Permission{access.ImportData, access.CreateProcess}, Mode: access.Write}
)

// ErrNothingNew is an import that would change nothing.
var ErrNothingNew = fault.New(fault.Conflict, "process.import_nothing_new", "Everything in this file is already there.")

// maxImportErrors is how many lines a refused import names.
const maxImportErrors = 20

// PreviewImport says line by line what an import would make and change, and
// what is wrong. Faults: ErrTooLarge, ErrTooLong, ErrUnreadable, ErrNoHeader.
func (s *Service) PreviewImport(ctx context.Context, in ImportInput) (ImportPreview, error) {
	p, rows, err := s.planImport(ctx, in.Text)
	if err != nil {
		return ImportPreview{}, err
	}
	preview := ImportPreview{Rows: rows, Places: len(p.newPlaces), Stages: len(p.newStages), Fields: len(p.newFields), Changed: len(p.changed)}
	for _, row := range rows {
		if len(row.Errors) > 0 {
			preview.Errors++
		}
	}
	return preview, nil
}

// Import adds what a file describes and updates the samples and types of fields
// that exist, all or nothing; it deletes and moves nothing. Faults: those of
// PreviewImport, process.import_errors with a message at each line,
// ErrNothingNew.
func (s *Service) Import(ctx context.Context, in ImportInput) (Imported, error) {
	p, rows, err := s.planImport(ctx, in.Text)
	if err != nil {
		return Imported{}, err
	}
	if err := refuseErrors(rows); err != nil {
		return Imported{}, err
	}
	if p.isEmpty() {
		return Imported{}, ErrNothingNew
	}
	if err := s.carryOut(ctx, p); err != nil {
		return Imported{}, err
	}
	access.From(ctx).Changed("place", "", "CSV import", nil, p.record())
	return Imported{Places: len(p.newPlaces), Stages: len(p.newStages), Fields: len(p.newFields), Changed: len(p.changed)}, nil
}

// refuseErrors is one fault for the lines with errors, or nil.
func refuseErrors(rows []ImportRow) error {
	refusal := fault.New(fault.Invalid, "process.import_errors", "").
		WithHint("Nothing was imported. Correct the file and choose it again.")
	count := 0
	for _, row := range rows {
		if len(row.Errors) == 0 {
			continue
		}
		count++
		if count <= maxImportErrors {
			refusal = refusal.WithField("text", "Line %d: %s", row.Line, row.Errors[0])
		}
	}
	switch count {
	case 0:
		return nil
	case 1:
		return refusal.WithMessage("A line of this file has an error.")
	}
	return refusal.WithMessage("%d lines of this file have errors.", count)
}

// importer plans a file line by line.
type importer struct {
	plan *plan
	// lineOf is the line that gave a field its values, by the field's id.
	lineOf map[string]int
}

func (s *Service) planImport(ctx context.Context, text string) (*plan, []ImportRow, error) {
	lines, err := readCSV(text)
	if err != nil {
		return nil, nil, err
	}
	p, err := s.newPlan(ctx)
	if err != nil {
		return nil, nil, err
	}
	i := importer{plan: p, lineOf: map[string]int{}}
	rows := make([]ImportRow, 0, len(lines))
	for _, line := range lines {
		rows = append(rows, i.row(line))
	}
	return p, rows, nil
}

// row plans one line. A line with an error plans nothing.
func (i *importer) row(line csvRow) ImportRow {
	row := ImportRow{Line: line.line, Makes: []string{}, Changes: []string{}, Errors: []string{}}
	if line.problem != "" {
		row.Errors = append(row.Errors, line.problem)
		return row
	}
	wanted, problems := checkLine(line)
	row.Path = strings.Join(wanted.names, " / ")
	if len(problems) > 0 {
		row.Errors = problems
		return row
	}
	if field, found := i.existing(wanted); found {
		if problem := i.changeField(&row, field, wanted); problem != "" {
			row.Errors = append(row.Errors, problem)
		}
		return row
	}
	if wanted.field != nil && wanted.typeProblem != "" {
		row.Errors = append(row.Errors, wanted.typeProblem)
		return row
	}
	i.make(&row, wanted)
	return row
}

// wantedLine is a line that can be read.
type wantedLine struct {
	names  []string // those filled in, in order of the columns
	places []string
	stage  string
	field  *Field // nil when the line names none
	// hasType and typed are what the line says of the type and sample.
	hasType     bool
	typed       string
	typeProblem string // why typed does not fit, judged by the line alone
}

// checkLine reads the cells of a line and says what is wrong with them.
func checkLine(line csvRow) (wantedLine, []string) {
	var wanted wantedLine
	problems := []string{}
	cleaned := [colCount]string{}
	for column := colProcess; column <= colField; column++ {
		if line.cells[column] == "" {
			continue
		}
		name, problem := cleanName(line.cells[column])
		if problem != "" {
			problems = append(problems, columnNames[column]+": "+problem)
			continue
		}
		cleaned[column] = name
		wanted.names = append(wanted.names, name)
	}
	for column := colProcess; column <= colSubSubProcess; column++ {
		if cleaned[column] != "" {
			wanted.places = append(wanted.places, cleaned[column])
		}
	}
	wanted.stage = cleaned[colStage]
	if len(problems) > 0 {
		return wanted, problems
	}
	switch filled := line.cells; {
	case filled[colProcess] == "":
		problems = append(problems, "Process: Fill this in.")
	case filled[colSubProcess] == "" && filled[colSubSubProcess] != "":
		problems = append(problems, "Sub Process: Fill this in; a Sub Sub Process needs one.")
	case filled[colStage] == "" && filled[colField] != "":
		problems = append(problems, "Stage: Fill this in; a stage field needs one.")
	case filled[colField] == "" && filled[colType]+filled[colRequired]+filled[colSample] != "":
		problems = append(problems, "Stage Field: Fill this in; type, required and sample value need one.")
	}
	if cleaned[colField] == "" || len(problems) > 0 {
		return wanted, problems
	}
	wanted.field = &Field{Name: cleaned[colField], Type: Text}
	wanted.typed = line.cells[colSample]
	if typed := line.cells[colType]; typed != "" {
		kind, ok := typeOf(typed)
		if !ok {
			problems = append(problems, "Type: Write text, number, phone, e-mail, date or yes/no.")
		}
		wanted.field.Type, wanted.hasType = kind, true
	}
	if typed := line.cells[colRequired]; typed != "" {
		value, ok := yesNo[strings.ToLower(typed)]
		if !ok {
			problems = append(problems, "Required: Write yes or no.")
		}
		wanted.field.Required = value == "true"
	}
	if len(problems) == 0 {
		sample, problem := cleanSample(wanted.field.Type, wanted.typed)
		wanted.field.Sample = sample
		if problem != "" {
			wanted.typeProblem = "Sample Value: " + problem
		}
	}
	return wanted, problems
}

// typeOf reads a type by its name on screen or in the API.
func typeOf(typed string) (FieldType, bool) {
	for kind, label := range typeLabels {
		if fold(typed) == label || fold(typed) == string(kind) {
			return kind, true
		}
	}
	return "", false
}

// existing finds the field that a line names, if it is there or planned.
func (i *importer) existing(wanted wantedLine) (Field, bool) {
	if wanted.field == nil {
		return Field{}, false
	}
	parent := ""
	for _, name := range wanted.places {
		places := under(i.plan.places, parent)
		at := places.find(name)
		if at < 0 {
			return Field{}, false
		}
		parent = places.items[at].ID
	}
	stages := under(i.plan.stages, parent)
	at := stages.find(wanted.stage)
	if at < 0 {
		return Field{}, false
	}
	fields := under(i.plan.fields, stages.items[at].ID)
	if at = fields.find(wanted.field.Name); at < 0 {
		return Field{}, false
	}
	return fields.items[at], true
}

// changeField plans a new type and sample of a field that exists: what the line
// leaves empty stays. It returns the sentence that says what is wrong.
func (i *importer) changeField(row *ImportRow, field Field, wanted wantedLine) string {
	after := field
	if wanted.hasType {
		after.Type = wanted.field.Type
	}
	typed := wanted.typed
	if typed == "" {
		typed = field.Sample
	}
	sample, problem := cleanSample(after.Type, typed)
	if problem != "" {
		return "Sample Value: " + problem
	}
	after.Sample = sample
	if after == field {
		return ""
	}
	if before, found := i.lineOf[field.ID]; found {
		return fmt.Sprintf("Line %d already gives this field other values.", before)
	}
	if after.Type != field.Type {
		row.Changes = append(row.Changes, fmt.Sprintf("Type: %s to %s", typeLabels[field.Type], typeLabels[after.Type]))
	}
	if after.Sample != field.Sample {
		row.Changes = append(row.Changes, fmt.Sprintf("Sample Value: “%s” to “%s”", field.Sample, after.Sample))
	}
	i.lineOf[field.ID] = row.Line
	i.plan.change(row.Path, field, after)
	return ""
}

// make plans what a line names and does not exist yet.
func (i *importer) make(row *ImportRow, wanted wantedLine) {
	var place Node
	for level, name := range wanted.places {
		var made bool
		if place, made = i.plan.place(place, name); made {
			row.Makes = append(row.Makes, columnNames[level]+" "+name)
		}
	}
	if wanted.stage == "" {
		return
	}
	stage, made := i.plan.stage(place, wanted.stage)
	if made {
		row.Makes = append(row.Makes, "Stage "+stage.Name)
	}
	if wanted.field == nil {
		return
	}
	field := i.plan.field(stage, *wanted.field)
	row.Makes = append(row.Makes, "Stage Field "+field.Name)
	i.lineOf[field.ID] = row.Line
}
