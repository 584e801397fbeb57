package backend

import (
	"keydesk/backend/activity"
	"keydesk/backend/alert"
	"keydesk/backend/apikey"
	"keydesk/backend/call"
	"keydesk/backend/certificate"
	"keydesk/backend/dashboard"
	"keydesk/backend/erase"
	"keydesk/backend/gate"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/setup"
	"keydesk/backend/transfer"
	"keydesk/backend/user"
)

// bind pairs every operation with its use case, once. A new operation is its
// declaration, its use case and its line here. make generate writes what repeats
// it (Ops, the methods of the desktop door, the table of the page), and a test
// compares.
func bind(b *Backend) {
	g := b.Gate
	gate.Bind(g, organisation.OpSettings, b.Organisation.Settings)
	gate.Bind(g, organisation.OpSaveSettings, b.Organisation.SaveSettings)
	gate.Bind(g, organisation.OpChangeKey, b.Organisation.ChangeKey)
	gate.Bind(g, organisation.OpConfirmChange, b.Organisation.ConfirmChange)
	gate.Bind(g, organisation.OpDoor, b.Organisation.Door)
	gate.Bind(g, organisation.OpLocalAPI, b.Organisation.LocalAPI)
	gate.Bind(g, organisation.OpSaveLocalAPI, b.Organisation.SaveLocalAPI)
	gate.Bind(g, organisation.OpAddresses, b.Organisation.Addresses)
	gate.Bind(g, organisation.OpClient, b.Organisation.Client)
	gate.Bind(g, organisation.OpRunning, b.Organisation.Running)
	gate.Bind(g, organisation.OpPause, b.Organisation.Pause)
	gate.Bind(g, organisation.OpRetention, b.Organisation.Retention)
	gate.Bind(g, organisation.OpSaveRetention, b.Organisation.SaveRetention)
	gate.Bind(g, organisation.OpSteps, b.Organisation.Steps)
	gate.Bind(g, organisation.OpState, b.Organisation.State)
	gate.Bind(g, organisation.OpTryKeyring, b.Organisation.TryKeyring)
	gate.Bind(g, organisation.OpBegin, b.Organisation.Begin)
	gate.Bind(g, organisation.OpConfirm, b.Organisation.Confirm)
	gate.Bind(g, organisation.OpUnlock, b.Organisation.Unlock)
	gate.Bind(g, organisation.OpCreateStarter, b.Organisation.CreateStarter)
	gate.Bind(g, organisation.OpNoteDamage, b.Organisation.NoteDamage)

	gate.Bind(g, certificate.OpGet, b.Certificates.Get)
	gate.Bind(g, certificate.OpRoot, b.Certificates.Root)
	gate.Bind(g, certificate.OpGive, b.Certificates.Give)
	gate.Bind(g, certificate.OpUseOffice, b.Certificates.UseOffice)
	gate.Bind(g, certificate.OpRenewRoot, b.Certificates.RenewRoot)
	gate.Bind(g, certificate.OpPresent, b.Certificates.Present)

	gate.Bind(g, user.OpForgotPassword, b.Users.ForgotPassword)
	gate.Bind(g, user.OpChangePassword, b.Users.ChangePassword)
	gate.Bind(g, user.OpSetAppearance, b.Users.SetAppearance)
	gate.Bind(g, user.OpResetPassword, b.Users.ResetPassword)
	gate.Bind(g, user.OpList, b.Users.List)
	gate.Bind(g, user.OpCreate, b.Users.Create)
	gate.Bind(g, user.OpUpdate, b.Users.Update)
	gate.Bind(g, user.OpDelete, b.Users.Delete)
	gate.Bind(g, user.OpRoles, b.Users.Roles)
	gate.Bind(g, user.OpPermissions, b.Users.Permissions)
	gate.Bind(g, user.OpCreateRole, b.Users.CreateRole)
	gate.Bind(g, user.OpUpdateRole, b.Users.UpdateRole)
	gate.Bind(g, user.OpDeleteRole, b.Users.DeleteRole)
	gate.Bind(g, user.OpSession, b.Users.Session)
	gate.Bind(g, user.OpTouch, b.Users.Touch)
	gate.Bind(g, user.OpLock, b.Users.Lock)
	gate.Bind(g, user.OpSignOut, b.Users.SignOut)
	gate.Bind(g, user.OpSignIn, b.Users.SignIn)
	gate.Bind(g, user.OpUnlock, b.Users.Unlock)
	gate.Bind(g, user.OpConfirmPassword, b.Users.ConfirmPassword)

	gate.Bind(g, process.OpExportCsv, b.Process.Export)
	gate.Bind(g, process.OpCreateField, b.Process.CreateField)
	gate.Bind(g, process.OpUpdateField, b.Process.UpdateField)
	gate.Bind(g, process.OpMoveField, b.Process.MoveField)
	gate.Bind(g, process.OpDeleteField, b.Process.DeleteField)
	gate.Bind(g, process.OpPreviewImport, b.Process.PreviewImport)
	gate.Bind(g, process.OpImportCsv, b.Process.Import)
	gate.Bind(g, process.OpCreatePlace, b.Process.CreatePlace)
	gate.Bind(g, process.OpRenamePlace, b.Process.RenamePlace)
	gate.Bind(g, process.OpDeletePlace, b.Process.DeletePlace)
	gate.Bind(g, process.OpCreateStage, b.Process.CreateStage)
	gate.Bind(g, process.OpRenameStage, b.Process.RenameStage)
	gate.Bind(g, process.OpMoveStage, b.Process.MoveStage)
	gate.Bind(g, process.OpDeleteStage, b.Process.DeleteStage)
	gate.Bind(g, process.OpTree, b.Process.Tree)
	gate.Bind(g, process.OpStages, b.Process.Stages)
	gate.Bind(g, process.OpFieldsAt, b.Process.FieldsAt)

	gate.Bind(g, setup.OpDeleteInfo, b.Setups.DeleteInfo)
	gate.Bind(g, setup.OpDelete, b.Setups.Delete)
	gate.Bind(g, setup.OpRestore, b.Setups.Restore)
	gate.Bind(g, setup.OpList, b.Setups.List)
	gate.Bind(g, setup.OpGet, b.Setups.Get)
	gate.Bind(g, setup.OpPaste, b.Setups.Paste)
	gate.Bind(g, setup.OpApply, b.Setups.Apply)
	gate.Bind(g, setup.OpPreview, b.Setups.Preview)
	gate.Bind(g, setup.OpCurl, b.Setups.Curl)
	gate.Bind(g, setup.OpResolve, b.Setups.Resolve)
	gate.Bind(g, setup.OpCreate, b.Setups.Create)
	gate.Bind(g, setup.OpUpdate, b.Setups.Update)

	gate.Bind(g, provider.OpList, b.Providers.All)
	gate.Bind(g, provider.OpGet, b.Providers.Form)
	gate.Bind(g, provider.OpExport, b.Providers.Export)
	gate.Bind(g, provider.OpExample, b.Providers.Example)
	gate.Bind(g, provider.OpPreviewImport, b.Providers.Preview)
	gate.Bind(g, provider.OpImport, b.Providers.Import)
	gate.Bind(g, provider.OpDelete, b.Providers.Delete)

	gate.Bind(g, transfer.OpExport, b.Transfer.Export)
	gate.Bind(g, transfer.OpPreview, b.Transfer.Preview)
	gate.Bind(g, transfer.OpImport, b.Transfer.Import)

	gate.Bind(g, call.OpCheck, b.Calls.Check)
	gate.Bind(g, call.OpTestAll, b.Calls.TestAll)
	gate.Bind(g, apikey.OpAuthenticate, b.Keys.Authenticate)
	gate.Bind(g, apikey.OpNoteAccess, b.Keys.NoteAccess)
	gate.Bind(g, apikey.OpSelf, b.Keys.Self)
	gate.Bind(g, apikey.OpVerify, b.Keys.Verify)
	gate.Bind(g, apikey.OpList, b.Keys.List)
	gate.Bind(g, apikey.OpGet, b.Keys.Get)
	gate.Bind(g, apikey.OpFilters, b.Keys.Filters)
	gate.Bind(g, apikey.OpScopes, b.Keys.Scopes)
	gate.Bind(g, apikey.OpCreate, b.Keys.Create)
	gate.Bind(g, apikey.OpTakeOver, b.Keys.TakeOver)
	gate.Bind(g, apikey.OpReplace, b.Keys.Replace)
	gate.Bind(g, apikey.OpEdit, b.Keys.Edit)
	gate.Bind(g, apikey.OpDisable, b.Keys.Disable)
	gate.Bind(g, apikey.OpEnable, b.Keys.Enable)
	gate.Bind(g, apikey.OpRevoke, b.Keys.Revoke)
	gate.Bind(g, apikey.OpDelete, b.Keys.Delete)
	gate.Bind(g, apikey.OpCheck, b.Keys.Check)
	gate.Bind(g, apikey.OpFindLeaks, b.Keys.FindLeaks)
	gate.Bind(g, apikey.OpAccess, b.Keys.Access)
	gate.Bind(g, apikey.OpUsage, b.Keys.Usage)
	gate.Bind(g, apikey.OpDailyUsage, b.Keys.DailyUsage)
	gate.Bind(g, apikey.OpKeepAccess, b.Keys.KeepAccess)
	gate.Bind(g, apikey.OpPruneAccess, b.Keys.PruneAccess)

	gate.Bind(g, call.OpSubmit, b.Calls.Submit)
	gate.Bind(g, call.OpForgetKeys, b.Calls.ForgetKeys)
	gate.Bind(g, call.OpTest, b.Calls.Test)
	gate.Bind(g, call.OpSend, b.Calls.Send)
	gate.Bind(g, call.OpAgain, b.Calls.Again)
	gate.Bind(g, call.OpList, b.Calls.List)
	gate.Bind(g, call.OpGet, b.Calls.Get)
	gate.Bind(g, call.OpSuggestRule, b.Calls.SuggestRule)

	gate.Bind(g, activity.OpList, b.Activity.List)
	gate.Bind(g, activity.OpFilters, b.Activity.Filters)
	gate.Bind(g, activity.OpRestart, b.Activity.Restart)

	gate.Bind(g, alert.OpList, b.Alerts.List)
	gate.Bind(g, alert.OpSeen, b.Alerts.Seen)
	gate.Bind(g, alert.OpSettings, b.Alerts.Settings)
	gate.Bind(g, alert.OpSaveSettings, b.Alerts.SaveSettings)
	gate.Bind(g, alert.OpTry, b.Alerts.Try)

	gate.Bind(g, dashboard.OpGet, b.Dashboard.Get)

	gate.Bind(g, erase.OpText, b.Erase.Text)

	gate.Bind(g, gate.OpCancel, g.Cancel)
	gate.Bind(g, gate.OpProgress, g.Progress)

	// Operations that Keydesk runs itself. No door holds these; the clock runs them.
	gate.Bind(g, call.OpRecover, b.Calls.Recover)
	gate.Bind(g, call.OpPrune, b.Calls.Prune)
	gate.Bind(g, setup.OpPurge, b.Setups.Purge)
	gate.Bind(g, organisation.OpPruneCopies, b.Organisation.PruneCopies)
	gate.Bind(g, setup.OpDescribe, b.Setups.Describe)
	gate.Bind(g, gate.OpPruneEvents, g.PruneEvents)
	gate.Bind(g, provider.OpTakeIn, b.Providers.TakeIn)
	gate.Bind(g, call.OpSendOwn, b.Calls.SendOwn)
	gate.Bind(g, alert.OpRaise, b.Alerts.Raise)
	gate.Bind(g, alert.OpNote, b.Alerts.Note)
	gate.Bind(g, alert.OpPrune, b.Alerts.Prune)
}
