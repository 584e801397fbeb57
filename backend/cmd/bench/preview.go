package main

import (
	"fmt"
	"time"

	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
)

// measurePreview: one request of 60 rows, 20 headers and 40 parameters with
// variables, built and shown as the live pane shows it. The figure is Build
// and Preview; the note is the whole operation.
func measurePreview(b *bench) error {
	const repeat = 200
	spec, record := sixtyRows()
	env := request.Env{Country: "IN", Now: time.Now(), Location: time.UTC, UUID: "u", Boundary: "b", UserAgent: "Keydesk/bench"}
	if err := request.Build(spec, record, env).Err(); err != nil {
		return err
	}
	one, err := b.newOffice("preview")
	if err != nil {
		return err
	}
	defer func() { _ = one.Close() }()
	orders, err := one.Ops.Process.CreatePlace(b.ctx, process.CreatePlaceInput{Name: "Orders"})
	if err != nil {
		return err
	}
	draft := setup.Draft{PlaceID: orders.ID, Channel: setup.SMS, Enabled: true, Name: "Sixty rows", Request: spec}
	built, whole := []time.Duration{}, []float64{}
	for range b.rounds + 1 {
		began := time.Now()
		for range repeat {
			if p := request.Build(request.Sealed(spec), record, env).Preview(); p.TotalBytes == 0 {
				return fmt.Errorf("an empty preview")
			}
		}
		built = append(built, time.Since(began)/repeat)
		began = time.Now()
		for range repeat {
			if _, err := one.Ops.Setup.Preview(b.ctx, setup.PreviewInput{Draft: draft, Record: record}); err != nil {
				return err
			}
		}
		whole = append(whole, inMs(time.Since(began)/repeat))
	}
	b.print(spanFigure("preview", built[1:], 0, time.Millisecond))
	b.note("preview: the whole operation takes %.2f ms", median(whole[1:]))
	return nil
}

// sixtyRows is a large request: 20 headers and 40 parameters, half of them
// with a variable.
func sixtyRows() (request.Spec, map[string]string) {
	spec := request.Spec{
		Method: "POST", URL: "https://api.vonage.example/v1/{{order}}/messages", BodyFormat: request.JSONBody,
		Auth:        request.Auth{Type: request.Bearer, Token: request.Value{Secret: true, Typed: secret.New(fireToken)}},
		StageParams: []request.StageParam{{Variable: "mobile", Field: "Mobile"}, {Variable: "order", Field: "Order"}},
	}
	value := func(i int) request.Value {
		if i%2 == 0 {
			return request.Value{Plain: "{{mobile}} of " + fmt.Sprint(i)}
		}
		return request.Value{Plain: "a plain value, as most are"}
	}
	for i := range 20 {
		spec.Headers = append(spec.Headers, request.Header{ID: fmt.Sprint("h", i), Name: fmt.Sprint("X-Office-", i), Value: value(i)})
	}
	for i := range 40 {
		spec.Params = append(spec.Params, request.Param{ID: fmt.Sprint("p", i), Name: fmt.Sprintf("part%d.name%d", i/4, i), Value: value(i)})
	}
	return spec, map[string]string{"Mobile": "+919812345678", "Order": "A-1001"}
}
