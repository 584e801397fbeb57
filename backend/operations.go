package backend

import (
	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/call"
	"keydesk/backend/gate"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/setup"
	"keydesk/backend/transfer"
	"keydesk/backend/user"
	"keydesk/backend/verdict"
)

// Ops are all operations, bound. Doors hold nothing else.
type Ops struct {
	Organisation OrganisationOps
	User         UserOps
	Process      ProcessOps
	Setup        SetupOps
	Provider     ProviderOps
	Transfer     TransferOps
	Call         CallOps
	Activity     ActivityOps
	Operation    OperationOps
}

// OperationOps act on running operations.
type OperationOps struct {
	Cancel   gate.Handler[gate.CancelInput, gate.Progress]
	Progress gate.Handler[gate.CancelInput, gate.Progress]
}

func bind(b *Backend) Ops {
	g := b.Gate
	return Ops{
		Organisation: OrganisationOps{
			Settings:      gate.Bind(g, organisation.OpSettings, b.Organisation.Settings),
			SaveSettings:  gate.Bind(g, organisation.OpSaveSettings, b.Organisation.SaveSettings),
			ChangeKey:     gate.Bind(g, organisation.OpChangeKey, b.Organisation.ChangeKey),
			ConfirmChange: gate.Bind(g, organisation.OpConfirmChange, b.Organisation.ConfirmChange),
			Steps:         gate.Bind(g, organisation.OpSteps, b.Organisation.Steps),
			State:         gate.Bind(g, organisation.OpState, b.Organisation.State),
			TryKeyring:    gate.Bind(g, organisation.OpTryKeyring, b.Organisation.TryKeyring),
			Begin:         gate.Bind(g, organisation.OpBegin, b.Organisation.Begin),
			Confirm:       gate.Bind(g, organisation.OpConfirm, b.Organisation.Confirm),
			Unlock:        gate.Bind(g, organisation.OpUnlock, b.Organisation.Unlock),
			CreateStarter: gate.Bind(g, organisation.OpCreateStarter, b.Organisation.CreateStarter),
		},
		User: UserOps{
			ForgotPassword:  gate.Bind(g, user.OpForgotPassword, b.Users.ForgotPassword),
			ChangePassword:  gate.Bind(g, user.OpChangePassword, b.Users.ChangePassword),
			ResetPassword:   gate.Bind(g, user.OpResetPassword, b.Users.ResetPassword),
			List:            gate.Bind(g, user.OpList, b.Users.List),
			Create:          gate.Bind(g, user.OpCreate, b.Users.Create),
			Update:          gate.Bind(g, user.OpUpdate, b.Users.Update),
			Delete:          gate.Bind(g, user.OpDelete, b.Users.Delete),
			Roles:           gate.Bind(g, user.OpRoles, b.Users.Roles),
			Permissions:     gate.Bind(g, user.OpPermissions, b.Users.Permissions),
			CreateRole:      gate.Bind(g, user.OpCreateRole, b.Users.CreateRole),
			UpdateRole:      gate.Bind(g, user.OpUpdateRole, b.Users.UpdateRole),
			DeleteRole:      gate.Bind(g, user.OpDeleteRole, b.Users.DeleteRole),
			Session:         gate.Bind(g, user.OpSession, b.Users.Session),
			Touch:           gate.Bind(g, user.OpTouch, b.Users.Touch),
			Lock:            gate.Bind(g, user.OpLock, b.Users.Lock),
			SignOut:         gate.Bind(g, user.OpSignOut, b.Users.SignOut),
			SignIn:          gate.Bind(g, user.OpSignIn, b.Users.SignIn),
			Unlock:          gate.Bind(g, user.OpUnlock, b.Users.Unlock),
			ConfirmPassword: gate.Bind(g, user.OpConfirmPassword, b.Users.ConfirmPassword),
		},
		Process: ProcessOps{
			ExportCsv:     gate.Bind(g, process.OpExport, b.Process.Export),
			CreateField:   gate.Bind(g, process.OpCreateField, b.Process.CreateField),
			UpdateField:   gate.Bind(g, process.OpUpdateField, b.Process.UpdateField),
			MoveField:     gate.Bind(g, process.OpMoveField, b.Process.MoveField),
			DeleteField:   gate.Bind(g, process.OpDeleteField, b.Process.DeleteField),
			PreviewImport: gate.Bind(g, process.OpPreviewImport, b.Process.PreviewImport),
			ImportCsv:     gate.Bind(g, process.OpImport, b.Process.Import),
			CreatePlace:   gate.Bind(g, process.OpCreatePlace, b.Process.CreatePlace),
			RenamePlace:   gate.Bind(g, process.OpRenamePlace, b.Process.RenamePlace),
			DeletePlace:   gate.Bind(g, process.OpDeletePlace, b.Process.DeletePlace),
			CreateStage:   gate.Bind(g, process.OpCreateStage, b.Process.CreateStage),
			RenameStage:   gate.Bind(g, process.OpRenameStage, b.Process.RenameStage),
			MoveStage:     gate.Bind(g, process.OpMoveStage, b.Process.MoveStage),
			DeleteStage:   gate.Bind(g, process.OpDeleteStage, b.Process.DeleteStage),
			Tree:          gate.Bind(g, process.OpTree, b.Process.Tree),
			Stages:        gate.Bind(g, process.OpStages, b.Process.Stages),
			FieldsAt:      gate.Bind(g, process.OpFieldsAt, b.Process.FieldsAt),
		},
		Setup: SetupOps{
			DeleteInfo: gate.Bind(g, setup.OpDeleteInfo, b.Setups.DeleteInfo),
			Delete:     gate.Bind(g, setup.OpDelete, b.Setups.Delete),
			Restore:    gate.Bind(g, setup.OpRestore, b.Setups.Restore),
			List:       gate.Bind(g, setup.OpList, b.Setups.List),
			Get:        gate.Bind(g, setup.OpGet, b.Setups.Get),
			Paste:      gate.Bind(g, setup.OpPaste, b.Setups.Paste),
			Apply:      gate.Bind(g, setup.OpDraw, b.Setups.Apply),
			Preview:    gate.Bind(g, setup.OpPreview, b.Setups.Preview),
			Curl:       gate.Bind(g, setup.OpCurl, b.Setups.Curl),
			Resolve:    gate.Bind(g, setup.OpResolve, b.Setups.Resolve),
			Create:     gate.Bind(g, setup.OpCreate, b.Setups.Create),
			Update:     gate.Bind(g, setup.OpUpdate, b.Setups.Update),
		},
		Provider: ProviderOps{
			List:          gate.Bind(g, provider.OpList, b.Providers.All),
			Get:           gate.Bind(g, provider.OpGet, b.Providers.Form),
			Export:        gate.Bind(g, provider.OpExport, b.Providers.Export),
			Example:       gate.Bind(g, provider.OpExample, b.Providers.Example),
			PreviewImport: gate.Bind(g, provider.OpPreview, b.Providers.Preview),
			Import:        gate.Bind(g, provider.OpImport, b.Providers.Import),
			Delete:        gate.Bind(g, provider.OpDelete, b.Providers.Delete),
		},
		Transfer: TransferOps{
			Export:  gate.Bind(g, transfer.OpExport, b.Transfer.Export),
			Preview: gate.Bind(g, transfer.OpPreview, b.Transfer.Preview),
			Import:  gate.Bind(g, transfer.OpImport, b.Transfer.Import),
		},
		Call: CallOps{
			Check:       gate.Bind(g, call.OpCheck, b.Calls.Check),
			TestAll:     gate.Bind(g, call.OpTestAll, b.Calls.TestAll),
			Test:        gate.Bind(g, call.OpTest, b.Calls.Test),
			Send:        gate.Bind(g, call.OpSend, b.Calls.Send),
			Again:       gate.Bind(g, call.OpAgain, b.Calls.Again),
			List:        gate.Bind(g, call.OpList, b.Calls.List),
			Get:         gate.Bind(g, call.OpGet, b.Calls.Get),
			SuggestRule: gate.Bind(g, call.OpSuggestRule, b.Calls.SuggestRule),
		},
		Activity: ActivityOps{
			List:    gate.Bind(g, activity.OpList, b.Activity.List),
			Filters: gate.Bind(g, activity.OpFilters, b.Activity.Filters),
		},
		Operation: OperationOps{
			Cancel:   gate.Bind(g, gate.OpCancel, g.Cancel),
			Progress: gate.Bind(g, gate.OpProgress, g.Progress),
		},
	}
}

// systemOps are the operations of Keydesk's own work. No door holds them.
type systemOps struct {
	recover, pruneCalls gate.Handler[struct{}, call.Count]
	purgeSetups         gate.Handler[struct{}, setup.Purged]
	pruneEvents         gate.Handler[struct{}, gate.Pruned]
}

func bindSystem(b *Backend) systemOps {
	g := b.Gate
	return systemOps{
		recover:     gate.Bind(g, call.OpRecover, b.Calls.Recover),
		pruneCalls:  gate.Bind(g, call.OpPrune, b.Calls.Prune),
		purgeSetups: gate.Bind(g, setup.OpPurge, b.Setups.Purge),
		pruneEvents: gate.Bind(g, gate.OpPruneEvents, g.PruneEvents),
	}
}

// OrganisationOps are the operations of office.
type OrganisationOps struct {
	Settings      gate.Handler[organisation.Nothing, organisation.State]
	SaveSettings  gate.Handler[organisation.SettingsInput, organisation.Settings]
	ChangeKey     gate.Handler[organisation.ChangeKeyInput, organisation.Begun]
	ConfirmChange gate.Handler[organisation.ConfirmInput, organisation.State]
	Steps         gate.Handler[organisation.Nothing, []organisation.Step]
	State         gate.Handler[organisation.Nothing, organisation.State]
	TryKeyring    gate.Handler[organisation.Nothing, organisation.ProbeResult]
	Begin         gate.Handler[organisation.BeginInput, organisation.Begun]
	Confirm       gate.Handler[organisation.ConfirmInput, user.Session]
	Unlock        gate.Handler[organisation.UnlockInput, organisation.State]
	CreateStarter gate.Handler[organisation.CreateStarterInput, organisation.Nothing]
}

// UserOps are the operations of user.
type UserOps struct {
	ForgotPassword  gate.Handler[user.ForgotPasswordInput, user.Session]
	ChangePassword  gate.Handler[user.ChangePasswordInput, user.Session]
	ResetPassword   gate.Handler[user.ResetPasswordInput, user.User]
	List            gate.Handler[user.ListInput, []user.User]
	Create          gate.Handler[user.CreateInput, user.User]
	Update          gate.Handler[user.UpdateInput, user.User]
	Delete          gate.Handler[user.DeleteInput, user.Nothing]
	Roles           gate.Handler[user.Nothing, []user.Role]
	Permissions     gate.Handler[user.Nothing, []access.PermissionInfo]
	CreateRole      gate.Handler[user.CreateRoleInput, user.Role]
	UpdateRole      gate.Handler[user.UpdateRoleInput, user.Role]
	DeleteRole      gate.Handler[user.DeleteInput, user.Nothing]
	Session         gate.Handler[user.Nothing, user.Session]
	Touch           gate.Handler[user.Nothing, user.Session]
	Lock            gate.Handler[user.Nothing, user.Session]
	SignOut         gate.Handler[user.Nothing, user.Session]
	SignIn          gate.Handler[user.SignInInput, user.Session]
	Unlock          gate.Handler[user.PasswordInput, user.Session]
	ConfirmPassword gate.Handler[user.PasswordInput, user.Session]
}

// ProcessOps are the operations of process.
type ProcessOps struct {
	ExportCsv     gate.Handler[process.ExportInput, process.CSVFile]
	CreateField   gate.Handler[process.CreateFieldInput, process.Field]
	UpdateField   gate.Handler[process.UpdateFieldInput, process.Field]
	MoveField     gate.Handler[process.MoveInput, []process.Field]
	DeleteField   gate.Handler[process.DeleteInput, process.Deleted]
	PreviewImport gate.Handler[process.ImportInput, process.ImportPreview]
	ImportCsv     gate.Handler[process.ImportInput, process.Imported]
	CreatePlace   gate.Handler[process.CreatePlaceInput, process.Node]
	RenamePlace   gate.Handler[process.RenameInput, process.Node]
	DeletePlace   gate.Handler[process.DeleteInput, process.Deleted]
	CreateStage   gate.Handler[process.CreateStageInput, process.Stage]
	RenameStage   gate.Handler[process.RenameInput, process.Stage]
	MoveStage     gate.Handler[process.MoveInput, []process.Stage]
	DeleteStage   gate.Handler[process.DeleteInput, process.Deleted]
	Tree          gate.Handler[process.TreeInput, process.Tree]
	Stages        gate.Handler[process.StagesInput, []process.Stage]
	FieldsAt      gate.Handler[process.FieldsInput, []process.Field]
}

// SetupOps are the operations of setup.
type SetupOps struct {
	Apply      gate.Handler[setup.ApplyInput, setup.Applied]
	DeleteInfo gate.Handler[setup.IDInput, setup.DeleteInfo]
	Delete     gate.Handler[setup.IDInput, setup.Setup]
	Restore    gate.Handler[setup.IDInput, setup.Setup]
	List       gate.Handler[setup.ListInput, setup.Page]
	Get        gate.Handler[setup.IDInput, setup.Setup]
	Paste      gate.Handler[setup.PasteInput, setup.Pasted]
	Preview    gate.Handler[setup.PreviewInput, setup.PreviewOutput]
	Curl       gate.Handler[setup.CurlInput, setup.CurlOutput]
	Resolve    gate.Handler[setup.ResolveInput, setup.Resolution]
	Create     gate.Handler[setup.CreateInput, setup.SavedSetups]
	Update     gate.Handler[setup.UpdateInput, setup.Setup]
}

// TransferOps are the operations of exchange.
type TransferOps struct {
	Export  gate.Handler[transfer.ExportInput, transfer.File]
	Preview gate.Handler[transfer.PreviewInput, transfer.Preview]
	Import  gate.Handler[transfer.ImportInput, transfer.Imported]
}

// CallOps are the operations of call.
type CallOps struct {
	Check       gate.Handler[call.CheckInput, call.Checked]
	TestAll     gate.Handler[call.AllInput, call.AllResult]
	Test        gate.Handler[call.TestInput, call.Detail]
	Send        gate.Handler[call.SendInput, call.Detail]
	Again       gate.Handler[call.AgainInput, call.Detail]
	List        gate.Handler[call.ListInput, call.Page]
	Get         gate.Handler[call.IDInput, call.Detail]
	SuggestRule gate.Handler[call.SuggestInput, verdict.Rule]
}

// ActivityOps are the operations of activity.
type ActivityOps struct {
	List    gate.Handler[activity.ListInput, activity.Page]
	Filters gate.Handler[struct{}, activity.Filters]
}

// ProviderOps are the operations of provider.
type ProviderOps struct {
	List          gate.Handler[provider.ListInput, provider.List]
	Get           gate.Handler[provider.IDInput, provider.Form]
	Export        gate.Handler[provider.IDInput, provider.File]
	Example       gate.Handler[provider.ExampleInput, provider.File]
	PreviewImport gate.Handler[provider.FileInput, provider.FilePreview]
	Import        gate.Handler[provider.FileInput, provider.Summary]
	Delete        gate.Handler[provider.IDInput, provider.Removed]
}
