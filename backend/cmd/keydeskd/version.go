package main

import (
	"encoding/json"
	"fmt"

	"keydesk/backend/host"
)

type versionCommand struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// Run prints the version.
func (c *versionCommand) Run(std *streams) error {
	text := host.VersionText(version)
	if c.JSON {
		return json.NewEncoder(std.stdout).Encode(map[string]string{"program": "keydeskd", "version": text})
	}
	_, err := fmt.Fprintln(std.stdout, "keydeskd", text)
	return err
}
