package app

import (
	"keydesk/backend"
	"keydesk/backend/office"
	"keydesk/backend/user"
)

// Office is the page's door to office: one line an operation.
type Office struct {
	door *Door
	on   backend.OfficeCalls
}

// Settings runs office.settings.
func (d *Office) Settings() (office.State, error) {
	return call(d.door, d.on.Settings, office.Nothing{})
}

// SaveSettings runs office.save_settings.
func (d *Office) SaveSettings(in office.SettingsInput) (office.Office, error) {
	return call(d.door, d.on.SaveSettings, in)
}

// ChangeKey runs office.change_key.
func (d *Office) ChangeKey(in office.ChangeKeyInput) (office.Begun, error) {
	return call(d.door, d.on.ChangeKey, in)
}

// ConfirmChange runs office.confirm_change.
func (d *Office) ConfirmChange(in office.ConfirmInput) (office.State, error) {
	return call(d.door, d.on.ConfirmChange, in)
}

// Steps runs office.steps.
func (d *Office) Steps() ([]office.Step, error) {
	return call(d.door, d.on.Steps, office.Nothing{})
}

// State runs office.state.
func (d *Office) State() (office.State, error) {
	return call(d.door, d.on.State, office.Nothing{})
}

// TryKeyring runs office.try_keyring.
func (d *Office) TryKeyring() (office.Trial, error) {
	return call(d.door, d.on.TryKeyring, office.Nothing{})
}

// Begin runs office.begin.
func (d *Office) Begin(in office.BeginInput) (office.Begun, error) {
	return call(d.door, d.on.Begin, in)
}

// Confirm runs office.confirm.
func (d *Office) Confirm(in office.ConfirmInput) (user.Session, error) {
	return call(d.door, d.on.Confirm, in)
}

// Unlock runs office.unlock.
func (d *Office) Unlock(in office.UnlockInput) (office.State, error) {
	return call(d.door, d.on.Unlock, in)
}

// Plant runs office.plant.
func (d *Office) Plant(in office.PlantInput) (office.Nothing, error) {
	return call(d.door, d.on.Plant, in)
}
