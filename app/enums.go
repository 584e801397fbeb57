package app

import (
	"strings"

	"keydesk/backend/access"
	"keydesk/backend/apikey"
	firing "keydesk/backend/call" // call is a function of the door
	"keydesk/backend/httpclient"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/setup"
	"keydesk/backend/sms"
	"keydesk/backend/verdict"
)

// enum is one value of a named string type as the page gets it.
type enum[T ~string] struct {
	Value  T
	TSName string
}

// enums lists every named string type that crosses to the page.
func enums() []any {
	return []any{
		permissions(),
		[]enum[SessionPhase]{{SessionOpening, "SessionOpening"}, {SessionFailed, "SessionFailed"}, {SessionFirstRun, "SessionFirstRun"}, {SessionUnlock, "SessionUnlock"}, {SessionSignedOut, "SessionSignedOut"}, {SessionLocked, "SessionLocked"}, {SessionMustChange, "SessionMustChange"}, {SessionReady, "SessionReady"}},
		[]enum[CloseAnswer]{{CloseKeep, "CloseKeep"}, {CloseStop, "CloseStop"}, {CloseStay, "CloseStay"}},
		[]enum[process.FieldType]{{process.Text, "Text"}, {process.Number, "Number"}, {process.Phone, "Phone"}, {process.Date, "Date"}, {process.Email, "Email"}, {process.Boolean, "Boolean"}},
		[]enum[process.Direction]{{process.Up, "Up"}, {process.Down, "Down"}},
		[]enum[setup.Channel]{{setup.SMS, "SMS"}, {setup.WhatsApp, "WhatsApp"}, {setup.Email, "Email"}},
		[]enum[request.BodyFormat]{{request.DefaultBody, "DefaultBody"}, {request.NoBody, "NoBody"}, {request.JSONBody, "JSONBody"}, {request.FormBody, "FormBody"}, {request.MultipartBody, "MultipartBody"}, {request.RawJSON, "RawJSON"}, {request.RawXML, "RawXML"}, {request.RawText, "RawText"}},
		[]enum[request.AuthType]{{request.NoAuth, "NoAuth"}, {request.APIKey, "APIKey"}, {request.Bearer, "Bearer"}, {request.Basic, "Basic"}, {request.OAuth2, "OAuth2"}},
		[]enum[request.KeyLocation]{{request.InHeader, "InHeader"}, {request.InQuery, "InQuery"}, {request.InBody, "InBody"}},
		[]enum[request.ClientLocation]{{request.ClientAuto, "ClientAuto"}, {request.ClientHeader, "ClientHeader"}, {request.ClientHeaderPlain, "ClientHeaderPlain"}, {request.ClientBody, "ClientBody"}},
		[]enum[request.ParamType]{{request.TextParam, "TextParam"}, {request.NumberParam, "NumberParam"}, {request.BooleanParam, "BooleanParam"}, {request.JSONParam, "JSONParam"}},
		[]enum[request.ParamIn]{{request.ParamAuto, "ParamAuto"}, {request.ParamQuery, "ParamQuery"}, {request.ParamBody, "ParamBody"}, {request.ParamNowhere, "ParamNowhere"}},
		[]enum[verdict.Source]{{verdict.FromJSON, "FromJSON"}, {verdict.FromXML, "FromXML"}, {verdict.FromText, "FromText"}, {verdict.FromHeader, "FromHeader"}},
		[]enum[verdict.Test]{{verdict.Present, "Present"}, {verdict.Absent, "Absent"}, {verdict.Equals, "Equals"}, {verdict.NotEquals, "NotEquals"}, {verdict.OneOf, "OneOf"}, {verdict.Matches, "Matches"}},
		[]enum[verdict.Phase]{{verdict.PhaseToken, "PhaseToken"}, {verdict.PhaseAddress, "PhaseAddress"}, {verdict.PhaseName, "PhaseName"}, {verdict.PhaseConnect, "PhaseConnect"}, {verdict.PhaseTLS, "PhaseTLS"}, {verdict.PhaseSend, "PhaseSend"}, {verdict.PhaseReceive, "PhaseReceive"}, {verdict.PhaseTimeout, "PhaseTimeout"}, {verdict.PhaseCancelled, "PhaseCancelled"}},
		[]enum[access.Scope]{{access.SimulateCalls, "SimulateCalls"}, {access.SendCalls, "SendCalls"}, {access.ReadCalls, "ReadCalls"}, {access.ReadSetups, "ReadSetups"}, {access.VerifyKeys, "VerifyKeys"}, {access.ReadUsage, "ReadUsage"}},
		[]enum[apikey.Status]{{apikey.Active, "KeyActive"}, {apikey.Expiring, "KeyExpiring"}, {apikey.Expired, "KeyExpired"}, {apikey.Disabled, "KeyDisabled"}, {apikey.Revoked, "KeyRevoked"}},
		[]enum[apikey.Result]{{apikey.Good, "Good"}, {apikey.IsMistyped, "IsMistyped"}, {apikey.IsUnknown, "IsUnknown"}, {apikey.IsExpired, "IsExpired"}, {apikey.IsRevoked, "IsRevoked"}, {apikey.IsDeleted, "IsDeleted"}, {apikey.IsDisabled, "IsDisabled"}, {apikey.IsDamaged, "IsDamaged"}, {apikey.OtherScope, "OtherScope"}, {apikey.OtherAddress, "OtherAddress"}},
		[]enum[verdict.Verdict]{{verdict.Accepted, "Accepted"}, {verdict.Refused, "Refused"}, {verdict.Throttled, "Throttled"}, {verdict.Unclear, "Unclear"}, {verdict.Failed, "Failed"}},
		[]enum[verdict.Basis]{{verdict.BySetupRule, "BySetupRule"}, {verdict.ByProviderRule, "ByProviderRule"}, {verdict.ByStatus, "ByStatus"}},
		[]enum[provider.Mark]{{provider.Verified, "Verified"}, {provider.InClient, "InClient"}, {provider.Unverified, "Unverified"}, {provider.NotDocumented, "NotDocumented"}},
		[]enum[provider.Belongs]{{provider.OfAccount, "OfAccount"}, {provider.OfMessage, "OfMessage"}},
		[]enum[provider.Kind]{{provider.TextField, "TextField"}, {provider.LongField, "LongField"}, {provider.PhoneField, "PhoneField"}, {provider.EmailField, "EmailField"}, {provider.Choice, "Choice"}},
		[]enum[provider.Outcome]{{provider.Accepted, "Accepted"}, {provider.WrongCredentials, "WrongCredentials"}, {provider.BadNumber, "BadNumber"}, {provider.NoBalance, "NoBalance"}, {provider.Throttled, "Throttled"}, {provider.Slow, "Slow"}, {provider.Broken, "Broken"}, {provider.Partial, "Partial"}, {provider.NotSimulated, "NotSimulated"}},
		[]enum[provider.Validity]{{provider.Valid, "Valid"}, {provider.Invalid, "Invalid"}, {provider.Expired, "Expired"}, {provider.Unreachable, "Unreachable"}, {provider.NotTestable, "NotTestable"}},
		[]enum[sms.Alphabet]{{sms.GSM, "GSM"}, {sms.UCS2, "UCS2"}},
		[]enum[firing.Mode]{{firing.Test, "Test"}, {firing.Live, "Live"}},
		[]enum[httpclient.Cut]{{httpclient.NotCut, "NotCut"}, {httpclient.CutSize, "CutSize"}, {httpclient.CutRatio, "CutRatio"}, {httpclient.CutBroken, "CutBroken"}, {httpclient.CutHalfway, "CutHalfway"}},
	}
}

// permissions gives each permission the name of its Go constant: setup.create is
// CreateSetup.
func permissions() []enum[access.Permission] {
	list := make([]enum[access.Permission], len(access.Permissions))
	for i, info := range access.Permissions {
		thing, verb, _ := strings.Cut(string(info.Permission), ".")
		list[i] = enum[access.Permission]{info.Permission, title(verb) + title(thing)}
	}
	return list
}

func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
