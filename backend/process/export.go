package process

import (
	"context"
	"encoding/csv"
	"strings"

	"keydesk/backend/access"
)

// ExportInput asks for the whole tree as a file.
type ExportInput struct{}

// CSVFile is a text file to be saved.
type CSVFile struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// OpExportCsv reads the whole tree as CSV.
var OpExportCsv = access.Op[ExportInput, CSVFile]{Name: "process.export_csv", Does: "exported the processes", Needs: []access.Permission{access.ExportData, access.ViewProcess}, Mode: access.Read}

// Export returns the tree as CSV (RFC 4180, UTF-8 with the byte order mark that
// spreadsheets look for): a line for each field, and one for each stage
// without fields and each place with nothing in it. Cells that a spreadsheet
// would take for a formula start with an apostrophe.
func (s *Service) Export(ctx context.Context, _ ExportInput) (CSVFile, error) {
	places, err := s.store.Nodes(ctx)
	if err != nil {
		return CSVFile{}, err
	}
	stages, err := s.store.Stages(ctx)
	if err != nil {
		return CSVFile{}, err
	}
	fields, err := s.store.AllFields(ctx)
	if err != nil {
		return CSVFile{}, err
	}
	stagesAt := map[string][]Stage{}
	for _, stage := range stages {
		stagesAt[stage.PlaceID] = append(stagesAt[stage.PlaceID], stage)
	}
	fieldsAt := map[string][]Field{}
	for _, field := range fields {
		fieldsAt[field.StageID] = append(fieldsAt[field.StageID], field)
	}
	isParent := map[string]bool{}
	for _, place := range places {
		isParent[place.ParentID] = true
	}

	var text strings.Builder
	text.WriteString("\uFEFF")
	out := csv.NewWriter(&text)
	out.UseCRLF = true
	write := func(row [colCount]string) error {
		for i := range row {
			row[i] = guardCell(row[i])
		}
		return out.Write(row[:])
	}
	if err := write(columnNames); err != nil {
		return CSVFile{}, err
	}
	paths := map[string][colCount]string{}
	for _, place := range places {
		row := paths[place.ParentID]
		row[place.Level-1] = place.Name
		paths[place.ID] = row
		if len(stagesAt[place.ID]) == 0 && !isParent[place.ID] {
			if err := write(row); err != nil {
				return CSVFile{}, err
			}
		}
		for _, stage := range stagesAt[place.ID] {
			row[colStage] = stage.Name
			if len(fieldsAt[stage.ID]) == 0 {
				if err := write(row); err != nil {
					return CSVFile{}, err
				}
			}
			for _, field := range fieldsAt[stage.ID] {
				line := row
				line[colField], line[colType], line[colRequired], line[colSample] = field.Name, typeLabels[field.Type], "no", field.Sample
				if field.Required {
					line[colRequired] = "yes"
				}
				if field.Type == Boolean && field.Sample != "" {
					line[colSample] = map[string]string{"true": "yes", "false": "no"}[field.Sample]
				}
				if err := write(line); err != nil {
					return CSVFile{}, err
				}
			}
		}
	}
	out.Flush()
	return CSVFile{Name: "processes.csv", Text: text.String()}, out.Error()
}

// typeLabels are the field types as people read them.
var typeLabels = map[FieldType]string{
	Text: "text", Number: "number", Phone: "phone", Email: "e-mail", Date: "date", Boolean: "yes/no",
}
