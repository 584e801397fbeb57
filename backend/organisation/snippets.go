package organisation

import (
	"context"
	"fmt"
	"strings"

	"keydesk/backend/access"
)

// KeyPlaceholder is where a snippet's key is pasted.
const KeyPlaceholder = "PASTE_YOUR_KEY_HERE"

// Snippet is a call of the local API in one language.
type Snippet struct {
	// Language is curl, javascript, python, php or csharp.
	Language string `json:"language"`
	Label    string `json:"label"`
	Code     string `json:"code"`
}

// Client is what a caller of the local API needs to know.
type Client struct {
	// Address is where it listens; it is the one it will have where it is off.
	Address  string    `json:"address"`
	On       bool      `json:"on"`
	Header   string    `json:"header"`
	Snippets []Snippet `json:"snippets"`
	// Simulated and Sent say that an API key has sent a message to the simulator,
	// and a real one (C12).
	Simulated bool `json:"simulated"`
	Sent      bool `json:"sent"`
}

// OpClient shows how to call the local API (C04).
var OpClient = access.Op[Nothing, Client]{Name: "organisation.client", Does: "looked at how to call the local API", Mode: access.Read, Any: mayLookAtAPI}

// Client returns snippets with the real address. Each runs as it is once the key is
// pasted.
func (s *Service) Client(ctx context.Context, _ Nothing) (Client, error) {
	settings, err := s.LocalAPISettings(ctx)
	if err != nil {
		return Client{}, err
	}
	simulated, sent, err := s.store.CalledByKey(ctx)
	if err != nil {
		return Client{}, err
	}
	state := s.listens()
	address := fmt.Sprintf("http://127.0.0.1:%d", settings.Port)
	if len(state.Addresses) > 0 {
		address = state.Addresses[0]
	}
	fill := strings.NewReplacer("ADDRESS", address, "KEY", KeyPlaceholder).Replace
	return Client{
		Simulated: simulated, Sent: sent,
		Address: address, On: settings.On && len(state.Addresses) > 0, Header: fill("Authorization: x-api-key KEY"),
		Snippets: []Snippet{
			{"curl", "curl", fill("curl -H 'Authorization: x-api-key KEY' ADDRESS/v1/key\n")},
			{"javascript", "JavaScript", fill(`fetch("ADDRESS/v1/key", { headers: { Authorization: "x-api-key KEY" } })
  .then((answer) => answer.json())
  .then((key) => console.log(key));
`)},
			{"python", "Python", fill(`import json, urllib.request

ask = urllib.request.Request("ADDRESS/v1/key", headers={"Authorization": "x-api-key KEY"})
with urllib.request.urlopen(ask) as answer:
    print(json.load(answer))
`)},
			{"php", "PHP", fill(`<?php
$ask = curl_init("ADDRESS/v1/key");
curl_setopt_array($ask, [
    CURLOPT_HTTPHEADER => ["Authorization: x-api-key KEY"],
    CURLOPT_RETURNTRANSFER => true,
]);
$answer = curl_exec($ask);
if ($answer === false) {
    throw new RuntimeException(curl_error($ask));
}
print_r(json_decode($answer, associative: true, flags: JSON_THROW_ON_ERROR));
`)},
			{"csharp", "C#", fill(`var client = new HttpClient();
client.DefaultRequestHeaders.Add("Authorization", "x-api-key KEY");
Console.WriteLine(await client.GetStringAsync("ADDRESS/v1/key"));
`)},
		},
	}, nil
}
