package backend

import (
	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/call"
	"keydesk/backend/exchange"
	"keydesk/backend/gate"
	"keydesk/backend/office"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/setup"
	"keydesk/backend/user"
	"keydesk/backend/verdict"
)

// Calls are all operations, bound. Doors hold nothing else.
type Calls struct {
	OnOffice    OfficeCalls
	OnUser      UserCalls
	OnProcess   ProcessCalls
	OnSetup     SetupCalls
	OnProvider  ProviderCalls
	OnExchange  ExchangeCalls
	OnCall      CallCalls
	OnActivity  ActivityCalls
	OnOperation OperationCalls
}

// OperationCalls act on running operations.
type OperationCalls struct {
	Cancel   gate.Call[gate.CancelInput, gate.Progress]
	Progress gate.Call[gate.CancelInput, gate.Progress]
}

func bind(b *Backend) Calls {
	g := b.Gate
	return Calls{
		OnOffice: OfficeCalls{
			Settings:      gate.Bind(g, office.OpSettings, b.Office.Settings),
			SaveSettings:  gate.Bind(g, office.OpSaveSettings, b.Office.SaveSettings),
			ChangeKey:     gate.Bind(g, office.OpChangeKey, b.Office.ChangeKey),
			ConfirmChange: gate.Bind(g, office.OpConfirmChange, b.Office.ConfirmChange),
			Steps:         gate.Bind(g, office.OpSteps, b.Office.Steps),
			State:         gate.Bind(g, office.OpState, b.Office.State),
			TryKeyring:    gate.Bind(g, office.OpTryKeyring, b.Office.TryKeyring),
			Begin:         gate.Bind(g, office.OpBegin, b.Office.Begin),
			Confirm:       gate.Bind(g, office.OpConfirm, b.Office.Confirm),
			Unlock:        gate.Bind(g, office.OpUnlock, b.Office.Unlock),
			Plant:         gate.Bind(g, office.OpPlant, b.Office.Plant),
		},
		OnUser: UserCalls{
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
		OnProcess: ProcessCalls{
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
		OnSetup: SetupCalls{
			DeleteInfo: gate.Bind(g, setup.OpDeleteInfo, b.Setups.DeleteInfo),
			Delete:     gate.Bind(g, setup.OpDelete, b.Setups.Delete),
			Restore:    gate.Bind(g, setup.OpRestore, b.Setups.Restore),
			List:       gate.Bind(g, setup.OpList, b.Setups.List),
			Get:        gate.Bind(g, setup.OpGet, b.Setups.Get),
			Paste:      gate.Bind(g, setup.OpPaste, b.Setups.Paste),
			Draw:       gate.Bind(g, setup.OpDraw, b.Setups.Draw),
			Preview:    gate.Bind(g, setup.OpPreview, b.Setups.Preview),
			Curl:       gate.Bind(g, setup.OpCurl, b.Setups.Curl),
			Resolve:    gate.Bind(g, setup.OpResolve, b.Setups.Resolve),
			Create:     gate.Bind(g, setup.OpCreate, b.Setups.Create),
			Update:     gate.Bind(g, setup.OpUpdate, b.Setups.Update),
		},
		OnProvider: ProviderCalls{
			List:          gate.Bind(g, provider.OpList, b.Providers.All),
			Get:           gate.Bind(g, provider.OpGet, b.Providers.Form),
			Export:        gate.Bind(g, provider.OpExport, b.Providers.Export),
			Example:       gate.Bind(g, provider.OpExample, b.Providers.Example),
			PreviewImport: gate.Bind(g, provider.OpPreview, b.Providers.Preview),
			Import:        gate.Bind(g, provider.OpImport, b.Providers.Import),
			Delete:        gate.Bind(g, provider.OpDelete, b.Providers.Delete),
		},
		OnExchange: ExchangeCalls{
			Export:  gate.Bind(g, exchange.OpExport, b.Exchange.Export),
			Preview: gate.Bind(g, exchange.OpPreview, b.Exchange.Preview),
			Import:  gate.Bind(g, exchange.OpImport, b.Exchange.Import),
		},
		OnCall: CallCalls{
			Check:       gate.Bind(g, call.OpCheck, b.Shots.Check),
			TestAll:     gate.Bind(g, call.OpTestAll, b.Shots.TestAll),
			Test:        gate.Bind(g, call.OpTest, b.Shots.Test),
			Send:        gate.Bind(g, call.OpSend, b.Shots.Send),
			Again:       gate.Bind(g, call.OpAgain, b.Shots.Again),
			List:        gate.Bind(g, call.OpList, b.Shots.List),
			Get:         gate.Bind(g, call.OpGet, b.Shots.Get),
			SuggestRule: gate.Bind(g, call.OpSuggestRule, b.Shots.SuggestRule),
		},
		OnActivity: ActivityCalls{
			List:    gate.Bind(g, activity.OpList, b.Activity.List),
			Filters: gate.Bind(g, activity.OpFilters, b.Activity.Filters),
		},
		OnOperation: OperationCalls{
			Cancel:   gate.Bind(g, gate.OpCancel, g.Cancel),
			Progress: gate.Bind(g, gate.OpProgress, g.Progress),
		},
	}
}

// OfficeCalls are the operations of office.
type OfficeCalls struct {
	Settings      gate.Call[office.Nothing, office.State]
	SaveSettings  gate.Call[office.SettingsInput, office.Office]
	ChangeKey     gate.Call[office.ChangeKeyInput, office.Begun]
	ConfirmChange gate.Call[office.ConfirmInput, office.State]
	Steps         gate.Call[office.Nothing, []office.Step]
	State         gate.Call[office.Nothing, office.State]
	TryKeyring    gate.Call[office.Nothing, office.Trial]
	Begin         gate.Call[office.BeginInput, office.Begun]
	Confirm       gate.Call[office.ConfirmInput, user.Session]
	Unlock        gate.Call[office.UnlockInput, office.State]
	Plant         gate.Call[office.PlantInput, office.Nothing]
}

// UserCalls are the operations of user.
type UserCalls struct {
	ForgotPassword  gate.Call[user.ForgotPasswordInput, user.Session]
	ChangePassword  gate.Call[user.ChangePasswordInput, user.Session]
	ResetPassword   gate.Call[user.ResetPasswordInput, user.User]
	List            gate.Call[user.ListInput, []user.User]
	Create          gate.Call[user.CreateInput, user.User]
	Update          gate.Call[user.UpdateInput, user.User]
	Delete          gate.Call[user.DeleteInput, user.Nothing]
	Roles           gate.Call[user.Nothing, []user.Role]
	Permissions     gate.Call[user.Nothing, []access.PermissionInfo]
	CreateRole      gate.Call[user.CreateRoleInput, user.Role]
	UpdateRole      gate.Call[user.UpdateRoleInput, user.Role]
	DeleteRole      gate.Call[user.DeleteInput, user.Nothing]
	Session         gate.Call[user.Nothing, user.Session]
	Touch           gate.Call[user.Nothing, user.Session]
	Lock            gate.Call[user.Nothing, user.Session]
	SignOut         gate.Call[user.Nothing, user.Session]
	SignIn          gate.Call[user.SignInInput, user.Session]
	Unlock          gate.Call[user.PasswordInput, user.Session]
	ConfirmPassword gate.Call[user.PasswordInput, user.Session]
}

// ProcessCalls are the operations of process.
type ProcessCalls struct {
	ExportCsv     gate.Call[process.ExportInput, process.CSVFile]
	CreateField   gate.Call[process.CreateFieldInput, process.Field]
	UpdateField   gate.Call[process.UpdateFieldInput, process.Field]
	MoveField     gate.Call[process.MoveInput, []process.Field]
	DeleteField   gate.Call[process.DeleteInput, process.Deleted]
	PreviewImport gate.Call[process.ImportInput, process.ImportPreview]
	ImportCsv     gate.Call[process.ImportInput, process.Imported]
	CreatePlace   gate.Call[process.CreatePlaceInput, process.Place]
	RenamePlace   gate.Call[process.RenameInput, process.Place]
	DeletePlace   gate.Call[process.DeleteInput, process.Deleted]
	CreateStage   gate.Call[process.CreateStageInput, process.Stage]
	RenameStage   gate.Call[process.RenameInput, process.Stage]
	MoveStage     gate.Call[process.MoveInput, []process.Stage]
	DeleteStage   gate.Call[process.DeleteInput, process.Deleted]
	Tree          gate.Call[process.TreeInput, process.Tree]
	Stages        gate.Call[process.StagesInput, []process.Stage]
	FieldsAt      gate.Call[process.FieldsInput, []process.Field]
}

// SetupCalls are the operations of setup.
type SetupCalls struct {
	Draw       gate.Call[setup.DrawInput, setup.Drawn]
	DeleteInfo gate.Call[setup.IDInput, setup.DeleteInfo]
	Delete     gate.Call[setup.IDInput, setup.Setup]
	Restore    gate.Call[setup.IDInput, setup.Setup]
	List       gate.Call[setup.ListInput, setup.Page]
	Get        gate.Call[setup.IDInput, setup.Setup]
	Paste      gate.Call[setup.PasteInput, setup.Pasted]
	Preview    gate.Call[setup.PreviewInput, setup.PreviewOutput]
	Curl       gate.Call[setup.CurlInput, setup.CurlOutput]
	Resolve    gate.Call[setup.ResolveInput, setup.Resolution]
	Create     gate.Call[setup.CreateInput, setup.SavedSetups]
	Update     gate.Call[setup.UpdateInput, setup.Setup]
}

// ExchangeCalls are the operations of exchange.
type ExchangeCalls struct {
	Export  gate.Call[exchange.ExportInput, exchange.File]
	Preview gate.Call[exchange.PreviewInput, exchange.Preview]
	Import  gate.Call[exchange.ImportInput, exchange.Imported]
}

// CallCalls are the operations of call.
type CallCalls struct {
	Check       gate.Call[call.CheckInput, call.Checked]
	TestAll     gate.Call[call.AllInput, call.AllResult]
	Test        gate.Call[call.TestInput, call.Detail]
	Send        gate.Call[call.SendInput, call.Detail]
	Again       gate.Call[call.AgainInput, call.Detail]
	List        gate.Call[call.ListInput, call.Page]
	Get         gate.Call[call.IDInput, call.Detail]
	SuggestRule gate.Call[call.SuggestInput, verdict.Rule]
}

// ActivityCalls are the operations of activity.
type ActivityCalls struct {
	List    gate.Call[activity.ListInput, activity.Page]
	Filters gate.Call[struct{}, activity.Filters]
}

// ProviderCalls are the operations of provider.
type ProviderCalls struct {
	List          gate.Call[provider.ListInput, provider.List]
	Get           gate.Call[provider.IDInput, provider.Form]
	Export        gate.Call[provider.IDInput, provider.File]
	Example       gate.Call[provider.ExampleInput, provider.File]
	PreviewImport gate.Call[provider.FileInput, provider.FilePreview]
	Import        gate.Call[provider.FileInput, provider.Summary]
	Delete        gate.Call[provider.IDInput, provider.Removed]
}
