package app

import (
	"keydesk/backend"
	"keydesk/backend/organisation"
	"keydesk/backend/user"
)

// Organisation is the page's door to organisation: one line an operation.
type Organisation struct {
	door *Door
	on   backend.OrganisationOps
}

// Settings runs organisation.settings.
func (d *Organisation) Settings() (organisation.State, error) {
	return call(d.door, d.on.Settings, organisation.Nothing{})
}

// SaveSettings runs organisation.save_settings.
func (d *Organisation) SaveSettings(in organisation.SettingsInput) (organisation.Settings, error) {
	return call(d.door, d.on.SaveSettings, in)
}

// ChangeKey runs organisation.change_key.
func (d *Organisation) ChangeKey(in organisation.ChangeKeyInput) (organisation.Begun, error) {
	return call(d.door, d.on.ChangeKey, in)
}

// ConfirmChange runs organisation.confirm_change.
func (d *Organisation) ConfirmChange(in organisation.ConfirmInput) (organisation.State, error) {
	return call(d.door, d.on.ConfirmChange, in)
}

// Steps runs organisation.steps.
func (d *Organisation) Steps() ([]organisation.Step, error) {
	return call(d.door, d.on.Steps, organisation.Nothing{})
}

// State runs organisation.state.
func (d *Organisation) State() (organisation.State, error) {
	return call(d.door, d.on.State, organisation.Nothing{})
}

// TryKeyring runs organisation.try_keyring.
func (d *Organisation) TryKeyring() (organisation.ProbeResult, error) {
	return call(d.door, d.on.TryKeyring, organisation.Nothing{})
}

// Begin runs organisation.begin.
func (d *Organisation) Begin(in organisation.BeginInput) (organisation.Begun, error) {
	return call(d.door, d.on.Begin, in)
}

// Confirm runs organisation.confirm.
func (d *Organisation) Confirm(in organisation.ConfirmInput) (user.Session, error) {
	return call(d.door, d.on.Confirm, in)
}

// Unlock runs organisation.unlock.
func (d *Organisation) Unlock(in organisation.UnlockInput) (organisation.State, error) {
	return call(d.door, d.on.Unlock, in)
}

// CreateStarter runs organisation.create_starter.
func (d *Organisation) CreateStarter(in organisation.CreateStarterInput) (organisation.Nothing, error) {
	return call(d.door, d.on.CreateStarter, in)
}
