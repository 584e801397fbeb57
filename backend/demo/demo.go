// Package demo makes the demo office: a small office by code, one user for
// each built-in role, and ten setups that fire at a local answering server
// started with it. Nothing in it is real, so its passwords stand on the
// sign-in screen and its passphrase is a fixed one.
package demo

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
	"keydesk/backend/verdict"
)

// Passphrase seals the demo office's data key. It guards nothing real.
const Passphrase = "the demo office holds no real secret"

// User is somebody who can sign in to the demo office.
type User struct {
	Name     string `json:"name"`
	FullName string `json:"full_name"`
	Role     string `json:"role"`
	Password string `json:"password"`
}

// Users are the demo office's people, one for each built-in role; the first
// is its Org Admin.
var Users = []User{
	{"asha", "Asha Rao", user.OrgAdmin, "asha-opens-the-desk"},
	{"meera", "Meera Iyer", user.Manager, "meera-keeps-the-desk"},
	{"omar", "Omar Khan", user.Operator, "omar-tests-the-desk"},
	{"vera", "Vera Lindt", user.Viewer, "vera-reads-the-desk"},
}

// Services are the features that the office is made with.
type Services struct {
	Process *process.Service
	Setups  *setup.Service
	Users   *user.Service
}

// Fill makes people, tree and setups. It runs inside one transaction with an
// operation's run in the context; base is the answering server's address, as
// "http://127.0.0.1:40123".
func Fill(ctx context.Context, s Services, base string) error {
	for _, one := range Users[1:] {
		in := user.CreateInput{Name: one.Name, FullName: one.FullName, Password: secret.New(one.Password), RoleIDs: []string{one.Role}}
		if _, err := s.Users.CreateReady(ctx, in); err != nil {
			return fmt.Errorf("demo user %s: %w", one.Name, err)
		}
	}
	for _, tree := range []string{"orders", "appointments", "invoices"} {
		if err := s.Process.Starter(ctx, tree); err != nil {
			return fmt.Errorf("demo tree %s: %w", tree, err)
		}
	}
	tree, err := s.Process.Tree(ctx, process.TreeInput{})
	if err != nil {
		return err
	}
	for i, one := range drafts(base) {
		stage := tree.Stages[(i*7)%len(tree.Stages)]
		one.PlaceID, one.StageID, one.Enabled = stage.PlaceID, stage.ID, true
		fields, err := s.Process.Fields(ctx, stage.PlaceID, stage.ID)
		if err != nil {
			return err
		}
		one.Request.StageParams = stageParams(fields)
		if _, err := s.Setups.Create(ctx, setup.CreateInput{Draft: one}); err != nil {
			return fmt.Errorf("demo setup %s: %w", one.Name, err)
		}
	}
	return nil
}

// stageParams takes the phone number, or the first field, as "to" and the
// next one as "customer".
func stageParams(fields []process.Field) []request.StageParam {
	rows := []request.StageParam{{ID: newID(), Variable: "to", Default: "+919812345678"}, {ID: newID(), Variable: "customer", Default: "Customer"}}
	for _, field := range fields {
		if field.Type == process.Phone && rows[0].Field == "" {
			rows[0].Field = field.Name
		} else if rows[1].Field == "" {
			rows[1].Field = field.Name
		}
	}
	kept := rows[:0]
	for _, row := range rows {
		if row.Field == "" && len(fields) > 0 {
			row.Field = fields[0].Name
		}
		kept = append(kept, row)
	}
	return kept
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func text(name, value string) request.Param {
	return request.Param{ID: newID(), Name: name, Value: request.Value{Plain: value}}
}

func hidden(value string) request.Value {
	return request.Value{Secret: true, Typed: secret.New(value)}
}

func form(url string, auth request.Auth, params ...request.Param) request.Spec {
	return request.Spec{Method: "POST", URL: url, BodyFormat: request.FormBody, Auth: auth, Params: params}
}

// drafts are ten setups that show each auth type, channel, method and kind of
// answer.
func drafts(base string) []setup.Draft {
	to, words := text("to", "{{to}}"), text("text", "Hello {{customer}}, your order is on its way.")
	accepted := &verdict.Rule{Status: "201", Conditions: []verdict.Condition{{From: verdict.FromJSON, Path: "$.id", Test: verdict.Present}}, MessageID: verdict.Extractor{From: verdict.FromJSON, Path: "$.id"}}
	statusInBody := &verdict.Rule{
		Status: "200", Conditions: []verdict.Condition{{From: verdict.FromJSON, Path: "$.status", Test: verdict.Equals, Value: "0"}},
		ErrorCode: verdict.Extractor{From: verdict.FromJSON, Path: "$.status"}, ErrorText: verdict.Extractor{From: verdict.FromJSON, Path: "$.error"},
	}
	basic := request.Auth{Type: request.Basic, Username: "AC0123", Password: hidden("demo-auth-token-1")}
	header := request.Auth{Type: request.APIKey, KeyName: "X-Api-Key", KeyValue: hidden("demo-api-key-header"), AddTo: request.InHeader}
	query := request.Auth{Type: request.APIKey, KeyName: "key", KeyValue: hidden("demo-api-key-query"), AddTo: request.InQuery}
	body := request.Auth{Type: request.APIKey, KeyName: "apikey", KeyValue: hidden("demo-api-key-body"), AddTo: request.InBody}
	bearer := request.Auth{Type: request.Bearer, Token: hidden("demo-bearer-token")}
	fetched := request.Auth{Type: request.OAuth2, HeaderPrefix: "Bearer", FetchToken: true, TokenURL: base + "/token", ClientID: "demo", ClientSecret: hidden("demo-client-secret"), Scopes: "send"}
	json := request.Spec{Method: "POST", URL: base + "/messages", BodyFormat: request.JSONBody, Auth: bearer, Params: []request.Param{
		text("recipient.phone", "{{to|digits}}"), text("message.text", "Hello {{customer}}"),
	}}
	return []setup.Draft{
		{Name: "Order on its way, SMS", Channel: setup.SMS, Request: form(base+"/accepted", basic, to, words), Rule: accepted},
		{Name: "Order packed, WhatsApp", Channel: setup.WhatsApp, Request: json, Rule: accepted},
		{Name: "Receipt, e-mail", Channel: setup.Email, Request: form(base+"/empty", header, to, text("subject", "Your receipt"), words)},
		{Name: "Wrong credentials, SMS", Channel: setup.SMS, Request: form(base+"/wrong-credentials", basic, to, words)},
		{Name: "Says 200 but refuses, SMS", Channel: setup.SMS, Request: form(base+"/refused-in-body", body, to, words), Rule: statusInBody},
		{Name: "Too many at once, SMS", Channel: setup.SMS, Request: form(base+"/throttled", query, to, words)},
		{Name: "Slow answer, SMS", Channel: setup.SMS, Request: form(base+"/slow", header, to, words), Rule: accepted},
		{Name: "Moved elsewhere, e-mail", Channel: setup.Email, Request: form(base+"/moved", request.Auth{Type: request.NoAuth}, to, words)},
		{Name: "Token fetched first, WhatsApp", Channel: setup.WhatsApp, Request: form(base+"/accepted", fetched, to, words), Rule: accepted},
		{Name: "Status by GET, SMS", Channel: setup.SMS, Request: request.Spec{Method: "GET", URL: base + "/text", Auth: query, Params: []request.Param{to}}},
	}
}
