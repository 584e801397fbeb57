export namespace access {
	
	export enum Permission {
	    CreateApikey = "apikey.create",
	    CreateProcess = "process.create",
	    CreateSetup = "setup.create",
	    CreateUser = "user.create",
	    DeleteApikey = "apikey.delete",
	    DeleteProcess = "process.delete",
	    DeleteSetup = "setup.delete",
	    DeleteUser = "user.delete",
	    EditApikey = "apikey.edit",
	    EditProcess = "process.edit",
	    EditSetup = "setup.edit",
	    EditUser = "user.edit",
	    ExportData = "data.export",
	    ImportData = "data.import",
	    ManageSettings = "settings.manage",
	    SendCall = "call.send",
	    TestSetup = "setup.test",
	    ViewActivity = "activity.view",
	    ViewApikey = "apikey.view",
	    ViewCall = "call.view",
	    ViewProcess = "process.view",
	    ViewSetup = "setup.view",
	    ViewUser = "user.view",
	}
	export enum Scope {
	    ReadCalls = "calls:read",
	    ReadSetups = "setups:read",
	    ReadUsage = "usage:read",
	    SendCalls = "calls:send",
	    SimulateCalls = "calls:simulate",
	    VerifyKeys = "keys:verify",
	}
	export class KindInfo {
	    kind: string;
	    label: string;
	
	    static createFrom(source: any = {}) {
	        return new KindInfo(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.kind = source["kind"];
	        this.label = source["label"];
	    }
	}
	export class PermissionInfo {
	    permission: Permission;
	    group: string;
	    label: string;
	
	    static createFrom(source: any = {}) {
	        return new PermissionInfo(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.permission = source["permission"];
	        this.group = source["group"];
	        this.label = source["label"];
	    }
	}
	export class ScopeInfo {
	    scope: Scope;
	    permission: Permission;
	    label: string;
	
	    static createFrom(source: any = {}) {
	        return new ScopeInfo(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.scope = source["scope"];
	        this.permission = source["permission"];
	        this.label = source["label"];
	    }
	}

}

export namespace activity {
	
	export class Actor {
	    id: string;
	    name: string;
	
	    static createFrom(source: any = {}) {
	        return new Actor(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	    }
	}
	export class Entry {
	    seq: number;
	    at_ms: number;
	    mono_ms: number;
	    actor_id: string;
	    actor: string;
	    roles: string;
	    source: string;
	    op: string;
	    outcome: string;
	    kind: string;
	    object_id: string;
	    object: string;
	    count: number;
	    before: string;
	    after: string;
	    erased: string[];
	    damaged: string;
	
	    static createFrom(source: any = {}) {
	        return new Entry(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.seq = source["seq"];
	        this.at_ms = source["at_ms"];
	        this.mono_ms = source["mono_ms"];
	        this.actor_id = source["actor_id"];
	        this.actor = source["actor"];
	        this.roles = source["roles"];
	        this.source = source["source"];
	        this.op = source["op"];
	        this.outcome = source["outcome"];
	        this.kind = source["kind"];
	        this.object_id = source["object_id"];
	        this.object = source["object"];
	        this.count = source["count"];
	        this.before = source["before"];
	        this.after = source["after"];
	        this.erased = source["erased"];
	        this.damaged = source["damaged"];
	    }
	}
	export class Filters {
	    actors: Actor[];
	    kinds: access.KindInfo[];
	
	    static createFrom(source: any = {}) {
	        return new Filters(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.actors = this.convertValues(source["actors"], Actor);
	        this.kinds = this.convertValues(source["kinds"], access.KindInfo);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class ListInput {
	    text: string;
	    actor_id: string;
	    kind: string;
	    outcome: string;
	    object_id: string;
	    from_ms: number;
	    until_ms: number;
	    oldest_first: boolean;
	    before: number;
	    limit: number;
	
	    static createFrom(source: any = {}) {
	        return new ListInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.text = source["text"];
	        this.actor_id = source["actor_id"];
	        this.kind = source["kind"];
	        this.outcome = source["outcome"];
	        this.object_id = source["object_id"];
	        this.from_ms = source["from_ms"];
	        this.until_ms = source["until_ms"];
	        this.oldest_first = source["oldest_first"];
	        this.before = source["before"];
	        this.limit = source["limit"];
	    }
	}
	export class Page {
	    entries: Entry[];
	    more: boolean;
	    count: number;
	    capped: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Page(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.entries = this.convertValues(source["entries"], Entry);
	        this.more = source["more"];
	        this.count = source["count"];
	        this.capped = source["capped"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}

}

export namespace alert {
	
	export class Alert {
	    id: string;
	    seq: number;
	    at_ms: number;
	    kind: string;
	    object_id: string;
	    object: string;
	    ends_ms: number;
	    last_day: string;
	    lead_days: number;
	    days_left: number;
	    message: string;
	    call_id: string;
	
	    static createFrom(source: any = {}) {
	        return new Alert(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.seq = source["seq"];
	        this.at_ms = source["at_ms"];
	        this.kind = source["kind"];
	        this.object_id = source["object_id"];
	        this.object = source["object"];
	        this.ends_ms = source["ends_ms"];
	        this.last_day = source["last_day"];
	        this.lead_days = source["lead_days"];
	        this.days_left = source["days_left"];
	        this.message = source["message"];
	        this.call_id = source["call_id"];
	    }
	}
	export class ListInput {
	    before: number;
	    limit: number;
	
	    static createFrom(source: any = {}) {
	        return new ListInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.before = source["before"];
	        this.limit = source["limit"];
	    }
	}
	export class Nothing {
	
	
	    static createFrom(source: any = {}) {
	        return new Nothing(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	
	    }
	}
	export class Page {
	    alerts: Alert[];
	    more: boolean;
	    unseen: number;
	    seen_seq: number;
	
	    static createFrom(source: any = {}) {
	        return new Page(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.alerts = this.convertValues(source["alerts"], Alert);
	        this.more = source["more"];
	        this.unseen = source["unseen"];
	        this.seen_seq = source["seen_seq"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Recipient {
	    on: boolean;
	    setup_id: string;
	    fields: Record<string, string>;
	
	    static createFrom(source: any = {}) {
	        return new Recipient(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.on = source["on"];
	        this.setup_id = source["setup_id"];
	        this.fields = source["fields"];
	    }
	}
	export class SeenInput {
	    seq: number;
	
	    static createFrom(source: any = {}) {
	        return new SeenInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.seq = source["seq"];
	    }
	}
	export class Settings {
	    desktop: boolean;
	    message: Recipient;
	
	    static createFrom(source: any = {}) {
	        return new Settings(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.desktop = source["desktop"];
	        this.message = this.convertValues(source["message"], Recipient);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class State {
	    settings: Settings;
	    version: number;
	
	    static createFrom(source: any = {}) {
	        return new State(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.settings = this.convertValues(source["settings"], Settings);
	        this.version = source["version"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class TryInput {
	    operation_id: string;
	    message: Recipient;
	    confirmed: boolean;
	
	    static createFrom(source: any = {}) {
	        return new TryInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.operation_id = source["operation_id"];
	        this.message = this.convertValues(source["message"], Recipient);
	        this.confirmed = source["confirmed"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}

}

export namespace apikey {
	
	export enum Result {
	    Good = "good",
	    IsDamaged = "damaged",
	    IsDeleted = "deleted",
	    IsDisabled = "disabled",
	    IsExpired = "expired",
	    IsMistyped = "mistyped",
	    IsRevoked = "revoked",
	    IsUnknown = "unknown",
	    OtherAddress = "source",
	    OtherScope = "scope",
	}
	export enum Status {
	    KeyActive = "active",
	    KeyDisabled = "disabled",
	    KeyExpired = "expired",
	    KeyExpiring = "expiring",
	    KeyRevoked = "revoked",
	}
	export class AccessInput {
	    key_id: string;
	    refused: boolean;
	    from_ms: number;
	    to_ms: number;
	    before: number;
	    limit: number;
	
	    static createFrom(source: any = {}) {
	        return new AccessInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.key_id = source["key_id"];
	        this.refused = source["refused"];
	        this.from_ms = source["from_ms"];
	        this.to_ms = source["to_ms"];
	        this.before = source["before"];
	        this.limit = source["limit"];
	    }
	}
	export class AccessRow {
	    id: number;
	    at_ms: number;
	    key_id: string;
	    title: string;
	    method: string;
	    route: string;
	    status: number;
	    code: string;
	    source: string;
	    took_ms: number;
	    requests: number;
	
	    static createFrom(source: any = {}) {
	        return new AccessRow(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.at_ms = source["at_ms"];
	        this.key_id = source["key_id"];
	        this.title = source["title"];
	        this.method = source["method"];
	        this.route = source["route"];
	        this.status = source["status"];
	        this.code = source["code"];
	        this.source = source["source"];
	        this.took_ms = source["took_ms"];
	        this.requests = source["requests"];
	    }
	}
	export class AccessPage {
	    rows: AccessRow[];
	    more: boolean;
	
	    static createFrom(source: any = {}) {
	        return new AccessPage(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.rows = this.convertValues(source["rows"], AccessRow);
	        this.more = source["more"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class CheckInput {
	    key: string;
	    scope: access.Scope;
	    source: string;
	
	    static createFrom(source: any = {}) {
	        return new CheckInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.key = source["key"];
	        this.scope = source["scope"];
	        this.source = source["source"];
	    }
	}
	export class Grants {
	    scopes: string[];
	    places: string[];
	    channels: string[];
	    live_per_day: number;
	    sources: string[];
	    per_minute: number;
	
	    static createFrom(source: any = {}) {
	        return new Grants(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.scopes = source["scopes"];
	        this.places = source["places"];
	        this.channels = source["channels"];
	        this.live_per_day = source["live_per_day"];
	        this.sources = source["sources"];
	        this.per_minute = source["per_minute"];
	    }
	}
	export class Key {
	    id: string;
	    title: string;
	    mask: string;
	    taken_over: boolean;
	    grants: Grants;
	    full_access: boolean;
	    created_ms: number;
	    creator_id: string;
	    creator: string;
	    expires_ms: number;
	    disabled_ms: number;
	    revoked_ms: number;
	    deleted_ms: number;
	    ended_by: string;
	    replaced_by: string;
	    last_used_ms: number;
	    calls: number;
	    version: number;
	    status: Status;
	    damaged: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Key(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.title = source["title"];
	        this.mask = source["mask"];
	        this.taken_over = source["taken_over"];
	        this.grants = this.convertValues(source["grants"], Grants);
	        this.full_access = source["full_access"];
	        this.created_ms = source["created_ms"];
	        this.creator_id = source["creator_id"];
	        this.creator = source["creator"];
	        this.expires_ms = source["expires_ms"];
	        this.disabled_ms = source["disabled_ms"];
	        this.revoked_ms = source["revoked_ms"];
	        this.deleted_ms = source["deleted_ms"];
	        this.ended_by = source["ended_by"];
	        this.replaced_by = source["replaced_by"];
	        this.last_used_ms = source["last_used_ms"];
	        this.calls = source["calls"];
	        this.version = source["version"];
	        this.status = source["status"];
	        this.damaged = source["damaged"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Checked {
	    result: Result;
	    message: string;
	    hint: string;
	    key?: Key;
	
	    static createFrom(source: any = {}) {
	        return new Checked(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.result = source["result"];
	        this.message = source["message"];
	        this.hint = source["hint"];
	        this.key = this.convertValues(source["key"], Key);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Term {
	    days: number;
	    date: string;
	    never: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Term(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.days = source["days"];
	        this.date = source["date"];
	        this.never = source["never"];
	    }
	}
	export class CreateInput {
	    request_id: string;
	    title: string;
	    expires: Term;
	    grants: Grants;
	    full_access: boolean;
	
	    static createFrom(source: any = {}) {
	        return new CreateInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.request_id = source["request_id"];
	        this.title = source["title"];
	        this.expires = this.convertValues(source["expires"], Term);
	        this.grants = this.convertValues(source["grants"], Grants);
	        this.full_access = source["full_access"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Creator {
	    id: string;
	    name: string;
	
	    static createFrom(source: any = {}) {
	        return new Creator(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	    }
	}
	export class DayUse {
	    day: string;
	    accepted: number;
	    refused: number;
	    limited: number;
	    failed: number;
	
	    static createFrom(source: any = {}) {
	        return new DayUse(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.day = source["day"];
	        this.accepted = source["accepted"];
	        this.refused = source["refused"];
	        this.limited = source["limited"];
	        this.failed = source["failed"];
	    }
	}
	export class EditInput {
	    id: string;
	    title: string;
	    expires?: Term;
	    version: number;
	
	    static createFrom(source: any = {}) {
	        return new EditInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.title = source["title"];
	        this.expires = this.convertValues(source["expires"], Term);
	        this.version = source["version"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Filters {
	    creators: Creator[];
	
	    static createFrom(source: any = {}) {
	        return new Filters(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.creators = this.convertValues(source["creators"], Creator);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class IDInput {
	    id: string;
	
	    static createFrom(source: any = {}) {
	        return new IDInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	    }
	}
	export class Issued {
	    key: Key;
	    secret: string;
	    same_title: number;
	
	    static createFrom(source: any = {}) {
	        return new Issued(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.key = this.convertValues(source["key"], Key);
	        this.secret = source["secret"];
	        this.same_title = source["same_title"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class Leak {
	    key: Key;
	    line: number;
	    column: number;
	    times: number;
	    deleted: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Leak(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.key = this.convertValues(source["key"], Key);
	        this.line = source["line"];
	        this.column = source["column"];
	        this.times = source["times"];
	        this.deleted = source["deleted"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class LeakInput {
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new LeakInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.text = source["text"];
	    }
	}
	export class Leaks {
	    found: Leak[];
	    foreign: number;
	    lines: number;
	
	    static createFrom(source: any = {}) {
	        return new Leaks(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.found = this.convertValues(source["found"], Leak);
	        this.foreign = source["foreign"];
	        this.lines = source["lines"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class ListInput {
	    search: string;
	    status: string;
	    creator: string;
	    unused_days: number;
	    expiring_days: number;
	    review: boolean;
	    review_days: number;
	    sort: string;
	    descending: boolean;
	    after: string;
	    limit: number;
	
	    static createFrom(source: any = {}) {
	        return new ListInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.search = source["search"];
	        this.status = source["status"];
	        this.creator = source["creator"];
	        this.unused_days = source["unused_days"];
	        this.expiring_days = source["expiring_days"];
	        this.review = source["review"];
	        this.review_days = source["review_days"];
	        this.sort = source["sort"];
	        this.descending = source["descending"];
	        this.after = source["after"];
	        this.limit = source["limit"];
	    }
	}
	export class Page {
	    rows: Key[];
	    recent: number[][];
	    next: string;
	    count: number;
	    capped: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Page(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.rows = this.convertValues(source["rows"], Key);
	        this.recent = source["recent"];
	        this.next = source["next"];
	        this.count = source["count"];
	        this.capped = source["capped"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class ReplaceInput {
	    request_id: string;
	    id: string;
	    stops_ms: number;
	
	    static createFrom(source: any = {}) {
	        return new ReplaceInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.request_id = source["request_id"];
	        this.id = source["id"];
	        this.stops_ms = source["stops_ms"];
	    }
	}
	export class StatusCount {
	    status: Status;
	    keys: number;
	
	    static createFrom(source: any = {}) {
	        return new StatusCount(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.status = source["status"];
	        this.keys = source["keys"];
	    }
	}
	export class TakeOverInput {
	    new: CreateInput;
	    value: string;
	    sha256: string;
	    random: boolean;
	
	    static createFrom(source: any = {}) {
	        return new TakeOverInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.new = this.convertValues(source["new"], CreateInput);
	        this.value = source["value"];
	        this.sha256 = source["sha256"];
	        this.random = source["random"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class UsageInput {
	    key_id: string;
	    days: number;
	
	    static createFrom(source: any = {}) {
	        return new UsageInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.key_id = source["key_id"];
	        this.days = source["days"];
	    }
	}
	export class UsageReport {
	    days: DayUse[];
	
	    static createFrom(source: any = {}) {
	        return new UsageReport(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.days = this.convertValues(source["days"], DayUse);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}

}

export namespace app {
	
	export enum CloseAnswer {
	    CloseKeep = "keep",
	    CloseStay = "stay",
	    CloseStop = "stop",
	}
	export enum SessionPhase {
	    SessionFailed = "failed",
	    SessionFirstRun = "first_run",
	    SessionLocked = "locked",
	    SessionMustChange = "must_change",
	    SessionOpening = "opening",
	    SessionReady = "ready",
	    SessionSignedOut = "signed_out",
	    SessionUnlock = "unlock",
	}
	export class AnswerClosingInput {
	    answer: CloseAnswer;
	
	    static createFrom(source: any = {}) {
	        return new AnswerClosingInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.answer = source["answer"];
	    }
	}
	export class CopyInput {
	    text: string;
	    clear_after_ms: number;
	
	    static createFrom(source: any = {}) {
	        return new CopyInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.text = source["text"];
	        this.clear_after_ms = source["clear_after_ms"];
	    }
	}
	export class OpenLinkInput {
	    url: string;
	
	    static createFrom(source: any = {}) {
	        return new OpenLinkInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.url = source["url"];
	    }
	}
	export class OpenLinkOutput {
	    opened: boolean;
	
	    static createFrom(source: any = {}) {
	        return new OpenLinkOutput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.opened = source["opened"];
	    }
	}
	export class PaintedInput {
	    screen: string;
	    dark: boolean;
	
	    static createFrom(source: any = {}) {
	        return new PaintedInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.screen = source["screen"];
	        this.dark = source["dark"];
	    }
	}
	export class ReadTextInput {
	    title: string;
	    pattern: string;
	
	    static createFrom(source: any = {}) {
	        return new ReadTextInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.title = source["title"];
	        this.pattern = source["pattern"];
	    }
	}
	export class ReadTextOutput {
	    chosen: boolean;
	    name: string;
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new ReadTextOutput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.chosen = source["chosen"];
	        this.name = source["name"];
	        this.text = source["text"];
	    }
	}
	export class RestoreCopyInput {
	    name: string;
	
	    static createFrom(source: any = {}) {
	        return new RestoreCopyInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	    }
	}
	export class SaveTextInput {
	    title: string;
	    file_name: string;
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new SaveTextInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.title = source["title"];
	        this.file_name = source["file_name"];
	        this.text = source["text"];
	    }
	}
	export class SaveTextOutput {
	    saved: boolean;
	    path: string;
	
	    static createFrom(source: any = {}) {
	        return new SaveTextOutput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.saved = source["saved"];
	        this.path = source["path"];
	    }
	}
	export class WindowCopy {
	    name: string;
	    changed_ms: number;
	
	    static createFrom(source: any = {}) {
	        return new WindowCopy(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.changed_ms = source["changed_ms"];
	    }
	}
	export class SessionFailure {
	    code: string;
	    message: string;
	    hint: string;
	    copies: WindowCopy[];
	    readable: boolean;
	
	    static createFrom(source: any = {}) {
	        return new SessionFailure(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.code = source["code"];
	        this.message = source["message"];
	        this.hint = source["hint"];
	        this.copies = this.convertValues(source["copies"], WindowCopy);
	        this.readable = source["readable"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class SessionUser {
	    id: string;
	    name: string;
	    full_name: string;
	    roles: string[];
	    is_org_admin: boolean;
	
	    static createFrom(source: any = {}) {
	        return new SessionUser(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.full_name = source["full_name"];
	        this.roles = source["roles"];
	        this.is_org_admin = source["is_org_admin"];
	    }
	}
	export class SessionState {
	    state: SessionPhase;
	    failure: SessionFailure;
	    user: SessionUser;
	    organisation: string;
	    country: string;
	    time_zone: string;
	    idle_minutes: number;
	    permissions: string[];
	    appearance: user.Appearance;
	    secrets: organisation.Secrets;
	    reading_only: boolean;
	    demo_users: demo.User[];
	
	    static createFrom(source: any = {}) {
	        return new SessionState(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.state = source["state"];
	        this.failure = this.convertValues(source["failure"], SessionFailure);
	        this.user = this.convertValues(source["user"], SessionUser);
	        this.organisation = source["organisation"];
	        this.country = source["country"];
	        this.time_zone = source["time_zone"];
	        this.idle_minutes = source["idle_minutes"];
	        this.permissions = source["permissions"];
	        this.appearance = this.convertValues(source["appearance"], user.Appearance);
	        this.secrets = this.convertValues(source["secrets"], organisation.Secrets);
	        this.reading_only = source["reading_only"];
	        this.demo_users = this.convertValues(source["demo_users"], demo.User);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class WindowClosing {
	    asked: boolean;
	
	    static createFrom(source: any = {}) {
	        return new WindowClosing(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.asked = source["asked"];
	    }
	}
	
	export class WindowState {
	    version: string;
	    data_folder: string;
	    demo: boolean;
	    phase: string;
	    code: string;
	    message: string;
	    hint: string;
	    copies: WindowCopy[];
	    readable: boolean;
	
	    static createFrom(source: any = {}) {
	        return new WindowState(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.version = source["version"];
	        this.data_folder = source["data_folder"];
	        this.demo = source["demo"];
	        this.phase = source["phase"];
	        this.code = source["code"];
	        this.message = source["message"];
	        this.hint = source["hint"];
	        this.copies = this.convertValues(source["copies"], WindowCopy);
	        this.readable = source["readable"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}

}

export namespace call {
	
	export enum Mode {
	    Live = "live",
	    Test = "test",
	}
	export class Actor {
	    kind: string;
	    id: string;
	    name: string;
	    source: string;
	
	    static createFrom(source: any = {}) {
	        return new Actor(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.kind = source["kind"];
	        this.id = source["id"];
	        this.name = source["name"];
	        this.source = source["source"];
	    }
	}
	export class AgainInput {
	    operation_id: string;
	    call_id: string;
	    confirmed: boolean;
	
	    static createFrom(source: any = {}) {
	        return new AgainInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.operation_id = source["operation_id"];
	        this.call_id = source["call_id"];
	        this.confirmed = source["confirmed"];
	    }
	}
	export class AllInput {
	    operation_id: string;
	    filter: setup.ListInput;
	
	    static createFrom(source: any = {}) {
	        return new AllInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.operation_id = source["operation_id"];
	        this.filter = this.convertValues(source["filter"], setup.ListInput);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class NotFired {
	    setup_id: string;
	    title: string;
	    why: string;
	
	    static createFrom(source: any = {}) {
	        return new NotFired(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.setup_id = source["setup_id"];
	        this.title = source["title"];
	        this.why = source["why"];
	    }
	}
	export class Verdicts {
	    accepted: number;
	    refused: number;
	    throttled: number;
	    unclear: number;
	    failed: number;
	
	    static createFrom(source: any = {}) {
	        return new Verdicts(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.accepted = source["accepted"];
	        this.refused = source["refused"];
	        this.throttled = source["throttled"];
	        this.unclear = source["unclear"];
	        this.failed = source["failed"];
	    }
	}
	export class AllResult {
	    run_id: string;
	    fired: number;
	    simulated: number;
	    verdicts: Verdicts;
	    not_fired: NotFired[];
	    total_ms: number;
	    cancelled: boolean;
	
	    static createFrom(source: any = {}) {
	        return new AllResult(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.run_id = source["run_id"];
	        this.fired = source["fired"];
	        this.simulated = source["simulated"];
	        this.verdicts = this.convertValues(source["verdicts"], Verdicts);
	        this.not_fired = this.convertValues(source["not_fired"], NotFired);
	        this.total_ms = source["total_ms"];
	        this.cancelled = source["cancelled"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Call {
	    id: string;
	    at_ms: number;
	    mode: Mode;
	    run_id: string;
	    setup_id: string;
	    setup_version: number;
	    draft: boolean;
	    simulated: string;
	    title: string;
	    channel: setup.Channel;
	    service: string;
	    actor: Actor;
	    recipient: string;
	    state: string;
	    verdict: string;
	    delivery: string;
	    status: number;
	    total_ms: number;
	    reason: string;
	    message_id: string;
	    error_code: string;
	
	    static createFrom(source: any = {}) {
	        return new Call(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.at_ms = source["at_ms"];
	        this.mode = source["mode"];
	        this.run_id = source["run_id"];
	        this.setup_id = source["setup_id"];
	        this.setup_version = source["setup_version"];
	        this.draft = source["draft"];
	        this.simulated = source["simulated"];
	        this.title = source["title"];
	        this.channel = source["channel"];
	        this.service = source["service"];
	        this.actor = this.convertValues(source["actor"], Actor);
	        this.recipient = source["recipient"];
	        this.state = source["state"];
	        this.verdict = source["verdict"];
	        this.delivery = source["delivery"];
	        this.status = source["status"];
	        this.total_ms = source["total_ms"];
	        this.reason = source["reason"];
	        this.message_id = source["message_id"];
	        this.error_code = source["error_code"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class CheckInput {
	    operation_id: string;
	    setup_id: string;
	    source: setup.Source;
	    draft?: setup.Draft;
	
	    static createFrom(source: any = {}) {
	        return new CheckInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.operation_id = source["operation_id"];
	        this.setup_id = source["setup_id"];
	        this.source = this.convertValues(source["source"], setup.Source);
	        this.draft = this.convertValues(source["draft"], setup.Draft);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Fix {
	    path: string;
	    label: string;
	
	    static createFrom(source: any = {}) {
	        return new Fix(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.path = source["path"];
	        this.label = source["label"];
	    }
	}
	export class Checked {
	    validity: provider.Validity;
	    reason: string;
	    at_ms: number;
	    says: string;
	    status: number;
	    total_ms: number;
	    fix?: Fix;
	
	    static createFrom(source: any = {}) {
	        return new Checked(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.validity = source["validity"];
	        this.reason = source["reason"];
	        this.at_ms = source["at_ms"];
	        this.says = source["says"];
	        this.status = source["status"];
	        this.total_ms = source["total_ms"];
	        this.fix = this.convertValues(source["fix"], Fix);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Reply {
	    answer: httpclient.Answer;
	    result: verdict.Result;
	    text: string;
	    text_cut: boolean;
	    fix?: Fix;
	    findings: string[];
	    delivery: string;
	
	    static createFrom(source: any = {}) {
	        return new Reply(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.answer = this.convertValues(source["answer"], httpclient.Answer);
	        this.result = this.convertValues(source["result"], verdict.Result);
	        this.text = source["text"];
	        this.text_cut = source["text_cut"];
	        this.fix = this.convertValues(source["fix"], Fix);
	        this.findings = source["findings"];
	        this.delivery = source["delivery"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Sent {
	    method: string;
	    url: string;
	    wire: string;
	    cut: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Sent(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.method = source["method"];
	        this.url = source["url"];
	        this.wire = source["wire"];
	        this.cut = source["cut"];
	    }
	}
	export class Detail {
	    call: Call;
	    record: Record<string, string>;
	    request: Sent;
	    reply: Reply;
	    setup_changed: boolean;
	    setup_gone: boolean;
	    note: string;
	
	    static createFrom(source: any = {}) {
	        return new Detail(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.call = this.convertValues(source["call"], Call);
	        this.record = source["record"];
	        this.request = this.convertValues(source["request"], Sent);
	        this.reply = this.convertValues(source["reply"], Reply);
	        this.setup_changed = source["setup_changed"];
	        this.setup_gone = source["setup_gone"];
	        this.note = source["note"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class IDInput {
	    id: string;
	
	    static createFrom(source: any = {}) {
	        return new IDInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	    }
	}
	export class ListInput {
	    setup_id: string;
	    run_id: string;
	    mode: string;
	    target: string;
	    verdict: string;
	    recipient: string;
	    oldest_first: boolean;
	    before: string;
	    limit: number;
	
	    static createFrom(source: any = {}) {
	        return new ListInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.setup_id = source["setup_id"];
	        this.run_id = source["run_id"];
	        this.mode = source["mode"];
	        this.target = source["target"];
	        this.verdict = source["verdict"];
	        this.recipient = source["recipient"];
	        this.oldest_first = source["oldest_first"];
	        this.before = source["before"];
	        this.limit = source["limit"];
	    }
	}
	
	export class Page {
	    calls: Call[];
	    more: boolean;
	    count: number;
	    capped: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Page(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.calls = this.convertValues(source["calls"], Call);
	        this.more = source["more"];
	        this.count = source["count"];
	        this.capped = source["capped"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class SendInput {
	    operation_id: string;
	    place_id: string;
	    stage_id: string;
	    channel: setup.Channel;
	    record: Record<string, string>;
	    confirmed: boolean;
	
	    static createFrom(source: any = {}) {
	        return new SendInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.operation_id = source["operation_id"];
	        this.place_id = source["place_id"];
	        this.stage_id = source["stage_id"];
	        this.channel = source["channel"];
	        this.record = source["record"];
	        this.confirmed = source["confirmed"];
	    }
	}
	
	export class SuggestInput {
	    id: string;
	    path: string;
	    value: string;
	
	    static createFrom(source: any = {}) {
	        return new SuggestInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.path = source["path"];
	        this.value = source["value"];
	    }
	}
	export class TestInput {
	    operation_id: string;
	    setup_id: string;
	    source: setup.Source;
	    draft?: setup.Draft;
	    record: Record<string, string>;
	    confirmed: boolean;
	    simulate: provider.Outcome;
	
	    static createFrom(source: any = {}) {
	        return new TestInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.operation_id = source["operation_id"];
	        this.setup_id = source["setup_id"];
	        this.source = this.convertValues(source["source"], setup.Source);
	        this.draft = this.convertValues(source["draft"], setup.Draft);
	        this.record = source["record"];
	        this.confirmed = source["confirmed"];
	        this.simulate = source["simulate"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}

}

export namespace certificate {
	
	export class GiveInput {
	    chain: string;
	    key: string;
	
	    static createFrom(source: any = {}) {
	        return new GiveInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.chain = source["chain"];
	        this.key = source["key"];
	    }
	}
	export class Root {
	    name: string;
	    text: string;
	    fingerprint: string;
	
	    static createFrom(source: any = {}) {
	        return new Root(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.text = source["text"];
	        this.fingerprint = source["fingerprint"];
	    }
	}
	export class State {
	    origin: string;
	    subject: string;
	    issuer: string;
	    fingerprint: string;
	    from_ms: number;
	    until_ms: number;
	    has_root: boolean;
	    uncovered: string[];
	    code: string;
	    message: string;
	    hint: string;
	
	    static createFrom(source: any = {}) {
	        return new State(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.origin = source["origin"];
	        this.subject = source["subject"];
	        this.issuer = source["issuer"];
	        this.fingerprint = source["fingerprint"];
	        this.from_ms = source["from_ms"];
	        this.until_ms = source["until_ms"];
	        this.has_root = source["has_root"];
	        this.uncovered = source["uncovered"];
	        this.code = source["code"];
	        this.message = source["message"];
	        this.hint = source["hint"];
	    }
	}

}

export namespace curl {
	
	export class Item {
	    what: string;
	    at: string;
	    why: string;
	
	    static createFrom(source: any = {}) {
	        return new Item(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.what = source["what"];
	        this.at = source["at"];
	        this.why = source["why"];
	    }
	}

}

export namespace dashboard {
	
	export class Day {
	    day: string;
	    live: call.Verdicts;
	    test: call.Verdicts;
	
	    static createFrom(source: any = {}) {
	        return new Day(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.day = source["day"];
	        this.live = this.convertValues(source["live"], call.Verdicts);
	        this.test = this.convertValues(source["test"], call.Verdicts);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Item {
	    kind: string;
	    id: string;
	    name: string;
	    at_ms: number;
	    verdict: string;
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new Item(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.kind = source["kind"];
	        this.id = source["id"];
	        this.name = source["name"];
	        this.at_ms = source["at_ms"];
	        this.verdict = source["verdict"];
	        this.text = source["text"];
	    }
	}
	export class Stage {
	    place_id: string;
	    places: string[];
	    stage: string;
	    calls: number;
	
	    static createFrom(source: any = {}) {
	        return new Stage(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.place_id = source["place_id"];
	        this.places = source["places"];
	        this.stage = source["stage"];
	        this.calls = source["calls"];
	    }
	}
	export class Report {
	    sees_calls: boolean;
	    sees_keys: boolean;
	    sees_setups: boolean;
	    attention: Item[];
	    more: Record<string, number>;
	    days: Day[];
	    keys: apikey.StatusCount[];
	    stages: Stage[];
	    month: string;
	
	    static createFrom(source: any = {}) {
	        return new Report(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.sees_calls = source["sees_calls"];
	        this.sees_keys = source["sees_keys"];
	        this.sees_setups = source["sees_setups"];
	        this.attention = this.convertValues(source["attention"], Item);
	        this.more = source["more"];
	        this.days = this.convertValues(source["days"], Day);
	        this.keys = this.convertValues(source["keys"], apikey.StatusCount);
	        this.stages = this.convertValues(source["stages"], Stage);
	        this.month = source["month"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}

}

export namespace demo {
	
	export class User {
	    name: string;
	    full_name: string;
	    role: string;
	    password: string;
	
	    static createFrom(source: any = {}) {
	        return new User(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.full_name = source["full_name"];
	        this.role = source["role"];
	        this.password = source["password"];
	    }
	}

}

export namespace erase {
	
	export class Erased {
	    entries: number;
	    calls: number;
	    events: number;
	    checks: number;
	    keys: number;
	    alerts: number;
	    setups: number;
	    copies: number;
	
	    static createFrom(source: any = {}) {
	        return new Erased(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.entries = source["entries"];
	        this.calls = source["calls"];
	        this.events = source["events"];
	        this.checks = source["checks"];
	        this.keys = source["keys"];
	        this.alerts = source["alerts"];
	        this.setups = source["setups"];
	        this.copies = source["copies"];
	    }
	}
	export class Input {
	    operation_id: string;
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new Input(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.operation_id = source["operation_id"];
	        this.text = source["text"];
	    }
	}

}

export namespace fault {
	
	export class Field {
	    name: string;
	    message: string;
	
	    static createFrom(source: any = {}) {
	        return new Field(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.message = source["message"];
	    }
	}

}

export namespace gate {
	
	export class CancelInput {
	    id: string;
	
	    static createFrom(source: any = {}) {
	        return new CancelInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	    }
	}
	export class Progress {
	    done: number;
	    total: number;
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new Progress(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.done = source["done"];
	        this.total = source["total"];
	        this.text = source["text"];
	    }
	}

}

export namespace httpclient {
	
	export enum Cut {
	    CutBroken = "broken",
	    CutHalfway = "halfway",
	    CutRatio = "ratio",
	    CutSize = "size",
	    NotCut = "",
	}
	export class Hop {
	    method: string;
	    url: string;
	    status: number;
	    location: string;
	    followed: boolean;
	    note: string;
	
	    static createFrom(source: any = {}) {
	        return new Hop(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.method = source["method"];
	        this.url = source["url"];
	        this.status = source["status"];
	        this.location = source["location"];
	        this.followed = source["followed"];
	        this.note = source["note"];
	    }
	}
	export class TLS {
	    version: string;
	    subject: string;
	    issuer: string;
	    expires: string;
	    fingerprint: string;
	    checked: boolean;
	
	    static createFrom(source: any = {}) {
	        return new TLS(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.version = source["version"];
	        this.subject = source["subject"];
	        this.issuer = source["issuer"];
	        this.expires = source["expires"];
	        this.fingerprint = source["fingerprint"];
	        this.checked = source["checked"];
	    }
	}
	export class Timings {
	    dns_ms: number;
	    connect_ms: number;
	    tls_ms: number;
	    first_byte_ms: number;
	    download_ms: number;
	    total_ms: number;
	    reused: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Timings(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.dns_ms = source["dns_ms"];
	        this.connect_ms = source["connect_ms"];
	        this.tls_ms = source["tls_ms"];
	        this.first_byte_ms = source["first_byte_ms"];
	        this.download_ms = source["download_ms"];
	        this.total_ms = source["total_ms"];
	        this.reused = source["reused"];
	    }
	}
	export class Answer {
	    sent: boolean;
	    failure?: verdict.Failure;
	    status: number;
	    status_text: string;
	    proto: string;
	    headers: verdict.Header[];
	    wire_bytes: number;
	    body_bytes: number;
	    truncated: boolean;
	    cut: Cut;
	    unknown_coding: string;
	    claimed_coding: string;
	    broken_text: boolean;
	    timings: Timings;
	    remote_addr: string;
	    tls?: TLS;
	    hops: Hop[];
	
	    static createFrom(source: any = {}) {
	        return new Answer(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.sent = source["sent"];
	        this.failure = this.convertValues(source["failure"], verdict.Failure);
	        this.status = source["status"];
	        this.status_text = source["status_text"];
	        this.proto = source["proto"];
	        this.headers = this.convertValues(source["headers"], verdict.Header);
	        this.wire_bytes = source["wire_bytes"];
	        this.body_bytes = source["body_bytes"];
	        this.truncated = source["truncated"];
	        this.cut = source["cut"];
	        this.unknown_coding = source["unknown_coding"];
	        this.claimed_coding = source["claimed_coding"];
	        this.broken_text = source["broken_text"];
	        this.timings = this.convertValues(source["timings"], Timings);
	        this.remote_addr = source["remote_addr"];
	        this.tls = this.convertValues(source["tls"], TLS);
	        this.hops = this.convertValues(source["hops"], Hop);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	

}

export namespace organisation {
	
	export class Address {
	    address: string;
	    interface: string;
	    private: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Address(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.address = source["address"];
	        this.interface = source["interface"];
	        this.private = source["private"];
	    }
	}
	export class BeginInput {
	    organisation: string;
	    country: string;
	    time_zone: string;
	    user_name: string;
	    full_name: string;
	    password: string;
	    passphrase: string;
	
	    static createFrom(source: any = {}) {
	        return new BeginInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.organisation = source["organisation"];
	        this.country = source["country"];
	        this.time_zone = source["time_zone"];
	        this.user_name = source["user_name"];
	        this.full_name = source["full_name"];
	        this.password = source["password"];
	        this.passphrase = source["passphrase"];
	    }
	}
	export class Begun {
	    start_id: string;
	    recovery_code: string;
	
	    static createFrom(source: any = {}) {
	        return new Begun(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.start_id = source["start_id"];
	        this.recovery_code = source["recovery_code"];
	    }
	}
	export class ChangeKeyInput {
	    passphrase: string;
	
	    static createFrom(source: any = {}) {
	        return new ChangeKeyInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.passphrase = source["passphrase"];
	    }
	}
	export class Snippet {
	    language: string;
	    label: string;
	    code: string;
	
	    static createFrom(source: any = {}) {
	        return new Snippet(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.language = source["language"];
	        this.label = source["label"];
	        this.code = source["code"];
	    }
	}
	export class Client {
	    address: string;
	    on: boolean;
	    header: string;
	    snippets: Snippet[];
	    simulated: boolean;
	    sent: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Client(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.address = source["address"];
	        this.on = source["on"];
	        this.header = source["header"];
	        this.snippets = this.convertValues(source["snippets"], Snippet);
	        this.simulated = source["simulated"];
	        this.sent = source["sent"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class ConfirmInput {
	    start_id: string;
	    last_four: string;
	
	    static createFrom(source: any = {}) {
	        return new ConfirmInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.start_id = source["start_id"];
	        this.last_four = source["last_four"];
	    }
	}
	export class CreateStarterInput {
	    tree: string;
	
	    static createFrom(source: any = {}) {
	        return new CreateStarterInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.tree = source["tree"];
	    }
	}
	export class Listening {
	    addresses: string[];
	    code: string;
	    message: string;
	    hint: string;
	
	    static createFrom(source: any = {}) {
	        return new Listening(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.addresses = source["addresses"];
	        this.code = source["code"];
	        this.message = source["message"];
	        this.hint = source["hint"];
	    }
	}
	export class LocalAPI {
	    on: boolean;
	    port: number;
	    per_minute: number;
	    network: boolean;
	    addresses: string[];
	    names: string[];
	
	    static createFrom(source: any = {}) {
	        return new LocalAPI(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.on = source["on"];
	        this.port = source["port"];
	        this.per_minute = source["per_minute"];
	        this.network = source["network"];
	        this.addresses = source["addresses"];
	        this.names = source["names"];
	    }
	}
	export class LocalAPIState {
	    settings: LocalAPI;
	    version: number;
	    listening: Listening;
	
	    static createFrom(source: any = {}) {
	        return new LocalAPIState(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.settings = this.convertValues(source["settings"], LocalAPI);
	        this.version = source["version"];
	        this.listening = this.convertValues(source["listening"], Listening);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Nothing {
	
	
	    static createFrom(source: any = {}) {
	        return new Nothing(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	
	    }
	}
	export class Pause {
	    paused: boolean;
	    since_ms: number;
	    by: string;
	
	    static createFrom(source: any = {}) {
	        return new Pause(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.paused = source["paused"];
	        this.since_ms = source["since_ms"];
	        this.by = source["by"];
	    }
	}
	export class PauseInput {
	    paused: boolean;
	
	    static createFrom(source: any = {}) {
	        return new PauseInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.paused = source["paused"];
	    }
	}
	export class ProbeResult {
	    works: boolean;
	    name: string;
	    message: string;
	    hint: string;
	
	    static createFrom(source: any = {}) {
	        return new ProbeResult(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.works = source["works"];
	        this.name = source["name"];
	        this.message = source["message"];
	        this.hint = source["hint"];
	    }
	}
	export class Retention {
	    calls: number;
	    access: number;
	
	    static createFrom(source: any = {}) {
	        return new Retention(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.calls = source["calls"];
	        this.access = source["access"];
	    }
	}
	export class RetentionState {
	    retention: Retention;
	    version: number;
	
	    static createFrom(source: any = {}) {
	        return new RetentionState(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.retention = this.convertValues(source["retention"], Retention);
	        this.version = source["version"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Running {
	    local_api: boolean;
	    port: number;
	    problem: string;
	    paused: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Running(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.local_api = source["local_api"];
	        this.port = source["port"];
	        this.problem = source["problem"];
	        this.paused = source["paused"];
	    }
	}
	export class SaveLocalAPIInput {
	    settings: LocalAPI;
	    version: number;
	
	    static createFrom(source: any = {}) {
	        return new SaveLocalAPIInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.settings = this.convertValues(source["settings"], LocalAPI);
	        this.version = source["version"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Secrets {
	    open: boolean;
	    protection: string;
	    keyring: string;
	    reason: string;
	    message: string;
	    hint: string;
	    unreadable: number;
	
	    static createFrom(source: any = {}) {
	        return new Secrets(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.open = source["open"];
	        this.protection = source["protection"];
	        this.keyring = source["keyring"];
	        this.reason = source["reason"];
	        this.message = source["message"];
	        this.hint = source["hint"];
	        this.unreadable = source["unreadable"];
	    }
	}
	export class Settings {
	    installation_id: string;
	    name: string;
	    country: string;
	    time_zone: string;
	    idle_minutes: number;
	    created_ms: number;
	    version: number;
	
	    static createFrom(source: any = {}) {
	        return new Settings(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.installation_id = source["installation_id"];
	        this.name = source["name"];
	        this.country = source["country"];
	        this.time_zone = source["time_zone"];
	        this.idle_minutes = source["idle_minutes"];
	        this.created_ms = source["created_ms"];
	        this.version = source["version"];
	    }
	}
	export class SettingsInput {
	    name: string;
	    country: string;
	    time_zone: string;
	    idle_minutes: number;
	    version: number;
	
	    static createFrom(source: any = {}) {
	        return new SettingsInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.country = source["country"];
	        this.time_zone = source["time_zone"];
	        this.idle_minutes = source["idle_minutes"];
	        this.version = source["version"];
	    }
	}
	
	export class State {
	    phase: string;
	    organisation: Settings;
	    secrets: Secrets;
	
	    static createFrom(source: any = {}) {
	        return new State(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.phase = source["phase"];
	        this.organisation = this.convertValues(source["organisation"], Settings);
	        this.secrets = this.convertValues(source["secrets"], Secrets);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Step {
	    name: string;
	    done: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Step(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.done = source["done"];
	    }
	}
	export class UnlockInput {
	    recovery_code: string;
	    passphrase: string;
	
	    static createFrom(source: any = {}) {
	        return new UnlockInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.recovery_code = source["recovery_code"];
	        this.passphrase = source["passphrase"];
	    }
	}

}

export namespace process {
	
	export enum Direction {
	    Down = "down",
	    Up = "up",
	}
	export enum FieldType {
	    Boolean = "boolean",
	    Date = "date",
	    Email = "email",
	    Number = "number",
	    Phone = "phone",
	    Text = "text",
	}
	export class CSVFile {
	    name: string;
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new CSVFile(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.text = source["text"];
	    }
	}
	export class CreateFieldInput {
	    stage_id: string;
	    name: string;
	    type: FieldType;
	    required: boolean;
	    sample: string;
	
	    static createFrom(source: any = {}) {
	        return new CreateFieldInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.stage_id = source["stage_id"];
	        this.name = source["name"];
	        this.type = source["type"];
	        this.required = source["required"];
	        this.sample = source["sample"];
	    }
	}
	export class CreatePlaceInput {
	    parent_id: string;
	    name: string;
	
	    static createFrom(source: any = {}) {
	        return new CreatePlaceInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.parent_id = source["parent_id"];
	        this.name = source["name"];
	    }
	}
	export class CreateStageInput {
	    place_id: string;
	    name: string;
	
	    static createFrom(source: any = {}) {
	        return new CreateStageInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.place_id = source["place_id"];
	        this.name = source["name"];
	    }
	}
	export class DeleteInput {
	    id: string;
	    version: number;
	
	    static createFrom(source: any = {}) {
	        return new DeleteInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.version = source["version"];
	    }
	}
	export class Deleted {
	    places: number;
	    stages: number;
	    fields: number;
	
	    static createFrom(source: any = {}) {
	        return new Deleted(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.places = source["places"];
	        this.stages = source["stages"];
	        this.fields = source["fields"];
	    }
	}
	export class Field {
	    id: string;
	    stage_id: string;
	    name: string;
	    code: string;
	    type: FieldType;
	    required: boolean;
	    sample: string;
	    position: number;
	    version: number;
	
	    static createFrom(source: any = {}) {
	        return new Field(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.stage_id = source["stage_id"];
	        this.name = source["name"];
	        this.code = source["code"];
	        this.type = source["type"];
	        this.required = source["required"];
	        this.sample = source["sample"];
	        this.position = source["position"];
	        this.version = source["version"];
	    }
	}
	export class FieldsInput {
	    place_id: string;
	    stage_id: string;
	
	    static createFrom(source: any = {}) {
	        return new FieldsInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.place_id = source["place_id"];
	        this.stage_id = source["stage_id"];
	    }
	}
	export class ImportInput {
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new ImportInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.text = source["text"];
	    }
	}
	export class ImportRow {
	    line: number;
	    path: string;
	    makes: string[];
	    changes: string[];
	    errors: string[];
	
	    static createFrom(source: any = {}) {
	        return new ImportRow(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.line = source["line"];
	        this.path = source["path"];
	        this.makes = source["makes"];
	        this.changes = source["changes"];
	        this.errors = source["errors"];
	    }
	}
	export class ImportPreview {
	    rows: ImportRow[];
	    places: number;
	    stages: number;
	    fields: number;
	    changed: number;
	    errors: number;
	
	    static createFrom(source: any = {}) {
	        return new ImportPreview(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.rows = this.convertValues(source["rows"], ImportRow);
	        this.places = source["places"];
	        this.stages = source["stages"];
	        this.fields = source["fields"];
	        this.changed = source["changed"];
	        this.errors = source["errors"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class Imported {
	    places: number;
	    stages: number;
	    fields: number;
	    changed: number;
	
	    static createFrom(source: any = {}) {
	        return new Imported(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.places = source["places"];
	        this.stages = source["stages"];
	        this.fields = source["fields"];
	        this.changed = source["changed"];
	    }
	}
	export class Lack {
	    what: string;
	    path: string;
	
	    static createFrom(source: any = {}) {
	        return new Lack(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.what = source["what"];
	        this.path = source["path"];
	    }
	}
	export class MoveInput {
	    id: string;
	    direction: Direction;
	
	    static createFrom(source: any = {}) {
	        return new MoveInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.direction = source["direction"];
	    }
	}
	export class Node {
	    id: string;
	    parent_id: string;
	    level: number;
	    name: string;
	    code: string;
	    version: number;
	    setups: number;
	
	    static createFrom(source: any = {}) {
	        return new Node(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.parent_id = source["parent_id"];
	        this.level = source["level"];
	        this.name = source["name"];
	        this.code = source["code"];
	        this.version = source["version"];
	        this.setups = source["setups"];
	    }
	}
	export class RenameInput {
	    id: string;
	    name: string;
	    version: number;
	
	    static createFrom(source: any = {}) {
	        return new RenameInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.version = source["version"];
	    }
	}
	export class Stage {
	    id: string;
	    place_id: string;
	    name: string;
	    code: string;
	    position: number;
	    version: number;
	    fields: Field[];
	
	    static createFrom(source: any = {}) {
	        return new Stage(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.place_id = source["place_id"];
	        this.name = source["name"];
	        this.code = source["code"];
	        this.position = source["position"];
	        this.version = source["version"];
	        this.fields = this.convertValues(source["fields"], Field);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class StagesInput {
	    place_id: string;
	
	    static createFrom(source: any = {}) {
	        return new StagesInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.place_id = source["place_id"];
	    }
	}
	export class Tree {
	    places: Node[];
	    stages: Stage[];
	
	    static createFrom(source: any = {}) {
	        return new Tree(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.places = this.convertValues(source["places"], Node);
	        this.stages = this.convertValues(source["stages"], Stage);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class UpdateFieldInput {
	    id: string;
	    version: number;
	    name: string;
	    type: FieldType;
	    required: boolean;
	    sample: string;
	
	    static createFrom(source: any = {}) {
	        return new UpdateFieldInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.version = source["version"];
	        this.name = source["name"];
	        this.type = source["type"];
	        this.required = source["required"];
	        this.sample = source["sample"];
	    }
	}

}

export namespace provider {
	
	export enum Belongs {
	    OfAccount = "account",
	    OfMessage = "message",
	}
	export enum Kind {
	    Choice = "choice",
	    EmailField = "email",
	    LongField = "long_text",
	    PhoneField = "phone",
	    TextField = "text",
	}
	export enum Mark {
	    InClient = "C",
	    NotDocumented = "not documented",
	    Unverified = "U",
	    Verified = "V",
	}
	export enum Outcome {
	    Accepted = "accepted",
	    BadNumber = "bad_number",
	    Broken = "broken",
	    NoBalance = "no_balance",
	    NotSimulated = "",
	    Partial = "partial",
	    Slow = "slow",
	    Throttled = "throttled",
	    WrongCredentials = "wrong_credentials",
	}
	export enum Validity {
	    Expired = "expired",
	    Invalid = "invalid",
	    NotTestable = "not_testable",
	    Unreachable = "unreachable",
	    Valid = "valid",
	}
	export class Append {
	    Param: string;
	    Text: string;
	
	    static createFrom(source: any = {}) {
	        return new Append(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.Param = source["Param"];
	        this.Text = source["Text"];
	    }
	}
	export class Change {
	    what: string;
	    from: string;
	    to: string;
	
	    static createFrom(source: any = {}) {
	        return new Change(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.what = source["what"];
	        this.from = source["from"];
	        this.to = source["to"];
	    }
	}
	export class Row {
	    name: string;
	    value: string;
	
	    static createFrom(source: any = {}) {
	        return new Row(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.value = source["value"];
	    }
	}
	export class Table {
	    id: string;
	    rows: Row[];
	
	    static createFrom(source: any = {}) {
	        return new Table(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.rows = this.convertValues(source["rows"], Row);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class FieldValue {
	    id: string;
	    value: request.Value;
	
	    static createFrom(source: any = {}) {
	        return new FieldValue(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.value = this.convertValues(source["value"], request.Value);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Entered {
	    values: FieldValue[];
	    tables: Table[];
	
	    static createFrom(source: any = {}) {
	        return new Entered(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.values = this.convertValues(source["values"], FieldValue);
	        this.tables = this.convertValues(source["tables"], Table);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Field {
	    id: string;
	    label: string;
	    help: string;
	    kind: Kind;
	    secret: boolean;
	    optional: boolean;
	    belongs: Belongs;
	    pattern: string;
	    example: string;
	    default: string;
	    choices: string[];
	    when: string;
	    needed_in: string[];
	
	    static createFrom(source: any = {}) {
	        return new Field(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.label = source["label"];
	        this.help = source["help"];
	        this.kind = source["kind"];
	        this.secret = source["secret"];
	        this.optional = source["optional"];
	        this.belongs = source["belongs"];
	        this.pattern = source["pattern"];
	        this.example = source["example"];
	        this.default = source["default"];
	        this.choices = source["choices"];
	        this.when = source["when"];
	        this.needed_in = source["needed_in"];
	    }
	}
	
	export class File {
	    name: string;
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new File(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.text = source["text"];
	    }
	}
	export class FileFault {
	    file: string;
	    line: number;
	    reason: string;
	
	    static createFrom(source: any = {}) {
	        return new FileFault(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.file = source["file"];
	        this.line = source["line"];
	        this.reason = source["reason"];
	    }
	}
	export class FileInput {
	    name: string;
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new FileInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.text = source["text"];
	    }
	}
	export class Summary {
	    id: string;
	    version: number;
	    name: string;
	    service: string;
	    channels: string[];
	    badge: Mark;
	    more: boolean;
	    built_in: boolean;
	    testable: boolean;
	    setups: number;
	
	    static createFrom(source: any = {}) {
	        return new Summary(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.version = source["version"];
	        this.name = source["name"];
	        this.service = source["service"];
	        this.channels = source["channels"];
	        this.badge = source["badge"];
	        this.more = source["more"];
	        this.built_in = source["built_in"];
	        this.testable = source["testable"];
	        this.setups = source["setups"];
	    }
	}
	export class FilePreview {
	    provider?: Summary;
	    faults: FileFault[];
	    replaces: number;
	    hosts: string[];
	
	    static createFrom(source: any = {}) {
	        return new FilePreview(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.provider = this.convertValues(source["provider"], Summary);
	        this.faults = this.convertValues(source["faults"], FileFault);
	        this.replaces = source["replaces"];
	        this.hosts = source["hosts"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class OutcomeInfo {
	    id: Outcome;
	    documented: boolean;
	
	    static createFrom(source: any = {}) {
	        return new OutcomeInfo(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.documented = source["documented"];
	    }
	}
	export class Rows {
	    id: string;
	    label: string;
	    help: string;
	    kind: string;
	    name_label: string;
	    value_label: string;
	    name_pattern: string;
	    name_example: string;
	    example: string;
	    max: number;
	    when: string;
	
	    static createFrom(source: any = {}) {
	        return new Rows(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.label = source["label"];
	        this.help = source["help"];
	        this.kind = source["kind"];
	        this.name_label = source["name_label"];
	        this.value_label = source["value_label"];
	        this.name_pattern = source["name_pattern"];
	        this.name_example = source["name_example"];
	        this.example = source["example"];
	        this.max = source["max"];
	        this.when = source["when"];
	    }
	}
	export class Marks {
	    badge: Mark;
	    request: Mark;
	    success: Mark;
	    errors: Mark;
	
	    static createFrom(source: any = {}) {
	        return new Marks(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.badge = source["badge"];
	        this.request = source["request"];
	        this.success = source["success"];
	        this.errors = source["errors"];
	    }
	}
	export class Shown {
	    id: string;
	    version: number;
	    name: string;
	    service: string;
	    account: string;
	    channels: string[];
	    more: boolean;
	    marks: Marks;
	    help: string;
	    page: string;
	    delivery: string;
	    fields: Field[];
	    one_of: string[][];
	    recipient: string;
	    rows: Rows[];
	    not_documented: string[];
	    built_in: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Shown(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.version = source["version"];
	        this.name = source["name"];
	        this.service = source["service"];
	        this.account = source["account"];
	        this.channels = source["channels"];
	        this.more = source["more"];
	        this.marks = this.convertValues(source["marks"], Marks);
	        this.help = source["help"];
	        this.page = source["page"];
	        this.delivery = source["delivery"];
	        this.fields = this.convertValues(source["fields"], Field);
	        this.one_of = source["one_of"];
	        this.recipient = source["recipient"];
	        this.rows = this.convertValues(source["rows"], Rows);
	        this.not_documented = source["not_documented"];
	        this.built_in = source["built_in"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Form {
	    provider: Shown;
	    probe_says: string;
	    outcomes: OutcomeInfo[];
	    simulated: string[];
	    hosts: string[];
	    setups: number;
	
	    static createFrom(source: any = {}) {
	        return new Form(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.provider = this.convertValues(source["provider"], Shown);
	        this.probe_says = source["probe_says"];
	        this.outcomes = this.convertValues(source["outcomes"], OutcomeInfo);
	        this.simulated = source["simulated"];
	        this.hosts = source["hosts"];
	        this.setups = source["setups"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class IDInput {
	    id: string;
	
	    static createFrom(source: any = {}) {
	        return new IDInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	    }
	}
	export class List {
	    providers: Summary[];
	    faults: FileFault[];
	    waiting: string[];
	    folder: string;
	
	    static createFrom(source: any = {}) {
	        return new List(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.providers = this.convertValues(source["providers"], Summary);
	        this.faults = this.convertValues(source["faults"], FileFault);
	        this.waiting = source["waiting"];
	        this.folder = source["folder"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	
	export class Param {
	    Name: string;
	    Value: string;
	    Type: string;
	    In: string;
	    Optional: boolean;
	    When: string;
	
	    static createFrom(source: any = {}) {
	        return new Param(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.Name = source["Name"];
	        this.Value = source["Value"];
	        this.Type = source["Type"];
	        this.In = source["In"];
	        this.Optional = source["Optional"];
	        this.When = source["When"];
	    }
	}
	export class Removed {
	    id: string;
	
	    static createFrom(source: any = {}) {
	        return new Removed(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	    }
	}
	
	
	export class RowsJSON {
	    Param: string;
	    Shape: string;
	    In: string;
	
	    static createFrom(source: any = {}) {
	        return new RowsJSON(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.Param = source["Param"];
	        this.Shape = source["Shape"];
	        this.In = source["In"];
	    }
	}
	
	

}

export namespace request {
	
	export enum AuthType {
	    APIKey = "api_key",
	    Basic = "basic",
	    Bearer = "bearer",
	    NoAuth = "none",
	    OAuth2 = "oauth2",
	}
	export enum BodyFormat {
	    DefaultBody = "",
	    FormBody = "form",
	    JSONBody = "json",
	    MultipartBody = "multipart",
	    NoBody = "none",
	    RawJSON = "raw_json",
	    RawText = "raw_text",
	    RawXML = "raw_xml",
	}
	export enum ClientLocation {
	    ClientAuto = "",
	    ClientBody = "body",
	    ClientHeader = "header",
	    ClientHeaderPlain = "header_plain",
	}
	export enum KeyLocation {
	    InBody = "body",
	    InHeader = "header",
	    InQuery = "query",
	}
	export enum ParamIn {
	    ParamAuto = "",
	    ParamBody = "body",
	    ParamNowhere = "nowhere",
	    ParamQuery = "query",
	}
	export enum ParamType {
	    BooleanParam = "boolean",
	    JSONParam = "json",
	    NumberParam = "number",
	    TextParam = "",
	}
	export class Value {
	    plain: string;
	    secret: boolean;
	    stored: boolean;
	    typed: string;
	    unreadable?: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Value(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.plain = source["plain"];
	        this.secret = source["secret"];
	        this.stored = source["stored"];
	        this.typed = source["typed"];
	        this.unreadable = source["unreadable"];
	    }
	}
	export class Auth {
	    type: AuthType;
	    key_name: string;
	    key_value: Value;
	    add_to: KeyLocation;
	    token: Value;
	    username: string;
	    password: Value;
	    header_prefix: string;
	    fetch_token: boolean;
	    token_url: string;
	    client_id: string;
	    client_secret: Value;
	    scopes: string;
	    client_in: ClientLocation;
	
	    static createFrom(source: any = {}) {
	        return new Auth(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.type = source["type"];
	        this.key_name = source["key_name"];
	        this.key_value = this.convertValues(source["key_value"], Value);
	        this.add_to = source["add_to"];
	        this.token = this.convertValues(source["token"], Value);
	        this.username = source["username"];
	        this.password = this.convertValues(source["password"], Value);
	        this.header_prefix = source["header_prefix"];
	        this.fetch_token = source["fetch_token"];
	        this.token_url = source["token_url"];
	        this.client_id = source["client_id"];
	        this.client_secret = this.convertValues(source["client_secret"], Value);
	        this.scopes = source["scopes"];
	        this.client_in = source["client_in"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Field {
	    id: string;
	    name: string;
	    value: Value;
	    template: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Field(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.value = this.convertValues(source["value"], Value);
	        this.template = source["template"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Header {
	    id: string;
	    name: string;
	    value: Value;
	
	    static createFrom(source: any = {}) {
	        return new Header(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.value = this.convertValues(source["value"], Value);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Param {
	    id: string;
	    name: string;
	    value: Value;
	    type: ParamType;
	    in: ParamIn;
	    optional: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Param(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.value = this.convertValues(source["value"], Value);
	        this.type = source["type"];
	        this.in = source["in"];
	        this.optional = source["optional"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class PreviewHeader {
	    name: string;
	    segments: Segment[];
	
	    static createFrom(source: any = {}) {
	        return new PreviewHeader(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.segments = this.convertValues(source["segments"], Segment);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Segment {
	    text: string;
	    origin: string;
	    secret: boolean;
	    missing: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Segment(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.text = source["text"];
	        this.origin = source["origin"];
	        this.secret = source["secret"];
	        this.missing = source["missing"];
	    }
	}
	export class Preview {
	    method: string;
	    url: Segment[];
	    headers: PreviewHeader[];
	    body: Segment[];
	    body_bytes: number;
	    body_cut: boolean;
	    total_bytes: number;
	    secrets_uncounted: boolean;
	    notes: string[];
	    missing: string[];
	    problems: fault.Field[];
	
	    static createFrom(source: any = {}) {
	        return new Preview(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.method = source["method"];
	        this.url = this.convertValues(source["url"], Segment);
	        this.headers = this.convertValues(source["headers"], PreviewHeader);
	        this.body = this.convertValues(source["body"], Segment);
	        this.body_bytes = source["body_bytes"];
	        this.body_cut = source["body_cut"];
	        this.total_bytes = source["total_bytes"];
	        this.secrets_uncounted = source["secrets_uncounted"];
	        this.notes = source["notes"];
	        this.missing = source["missing"];
	        this.problems = this.convertValues(source["problems"], fault.Field);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	
	export class StageParam {
	    id: string;
	    variable: string;
	    field: string;
	    default: string;
	
	    static createFrom(source: any = {}) {
	        return new StageParam(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.variable = source["variable"];
	        this.field = source["field"];
	        this.default = source["default"];
	    }
	}
	export class Spec {
	    method: string;
	    url: string;
	    body_format: BodyFormat;
	    raw_body: string;
	    auth: Auth;
	    headers: Header[];
	    params: Param[];
	    stage_params: StageParam[];
	    fixed: Field[];
	
	    static createFrom(source: any = {}) {
	        return new Spec(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.method = source["method"];
	        this.url = source["url"];
	        this.body_format = source["body_format"];
	        this.raw_body = source["raw_body"];
	        this.auth = this.convertValues(source["auth"], Auth);
	        this.headers = this.convertValues(source["headers"], Header);
	        this.params = this.convertValues(source["params"], Param);
	        this.stage_params = this.convertValues(source["stage_params"], StageParam);
	        this.fixed = this.convertValues(source["fixed"], Field);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class Traits {
	    short?: boolean;
	    control?: boolean;
	    nul?: boolean;
	    blanks?: boolean;
	    not_number?: boolean;
	    not_boolean?: boolean;
	    not_json?: boolean;
	    not_scalar?: boolean;
	    scheme?: string;
	    names?: string[];
	
	    static createFrom(source: any = {}) {
	        return new Traits(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.short = source["short"];
	        this.control = source["control"];
	        this.nul = source["nul"];
	        this.blanks = source["blanks"];
	        this.not_number = source["not_number"];
	        this.not_boolean = source["not_boolean"];
	        this.not_json = source["not_json"];
	        this.not_scalar = source["not_scalar"];
	        this.scheme = source["scheme"];
	        this.names = source["names"];
	    }
	}

}

export namespace setup {
	
	export enum Channel {
	    Email = "email",
	    SMS = "sms",
	    WhatsApp = "whatsapp_business",
	}
	export class Options {
	    timeout_seconds: number;
	    redirects: number;
	    skip_tls_check: boolean;
	    live_per_day?: number;
	
	    static createFrom(source: any = {}) {
	        return new Options(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.timeout_seconds = source["timeout_seconds"];
	        this.redirects = source["redirects"];
	        this.skip_tls_check = source["skip_tls_check"];
	        this.live_per_day = source["live_per_day"];
	    }
	}
	export class Draft {
	    place_id: string;
	    stage_id: string;
	    channel: Channel;
	    provider: string;
	    provider_version: number;
	    entered?: provider.Entered;
	    by_hand: string[];
	    enabled: boolean;
	    name: string;
	    request: request.Spec;
	    rule?: verdict.Rule;
	    options: Options;
	
	    static createFrom(source: any = {}) {
	        return new Draft(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.place_id = source["place_id"];
	        this.stage_id = source["stage_id"];
	        this.channel = source["channel"];
	        this.provider = source["provider"];
	        this.provider_version = source["provider_version"];
	        this.entered = this.convertValues(source["entered"], provider.Entered);
	        this.by_hand = source["by_hand"];
	        this.enabled = source["enabled"];
	        this.name = source["name"];
	        this.request = this.convertValues(source["request"], request.Spec);
	        this.rule = this.convertValues(source["rule"], verdict.Rule);
	        this.options = this.convertValues(source["options"], Options);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Applied {
	    draft: Draft;
	    faults: fault.Field[];
	    newer: boolean;
	    changes: provider.Change[];
	
	    static createFrom(source: any = {}) {
	        return new Applied(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.draft = this.convertValues(source["draft"], Draft);
	        this.faults = this.convertValues(source["faults"], fault.Field);
	        this.newer = source["newer"];
	        this.changes = this.convertValues(source["changes"], provider.Change);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class ApplyInput {
	    draft: Draft;
	    provider: string;
	    channel: Channel;
	    entered?: provider.Entered;
	    reset: boolean;
	
	    static createFrom(source: any = {}) {
	        return new ApplyInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.draft = this.convertValues(source["draft"], Draft);
	        this.provider = source["provider"];
	        this.channel = source["channel"];
	        this.entered = this.convertValues(source["entered"], provider.Entered);
	        this.reset = source["reset"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Source {
	    setup_id: string;
	    paste_id: string;
	
	    static createFrom(source: any = {}) {
	        return new Source(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.setup_id = source["setup_id"];
	        this.paste_id = source["paste_id"];
	    }
	}
	export class CreateInput {
	    draft: Draft;
	    stage_ids: string[];
	    copy_of: Source;
	
	    static createFrom(source: any = {}) {
	        return new CreateInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.draft = this.convertValues(source["draft"], Draft);
	        this.stage_ids = source["stage_ids"];
	        this.copy_of = this.convertValues(source["copy_of"], Source);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class CredentialCheck {
	    validity: provider.Validity;
	    reason: string;
	    at_ms: number;
	
	    static createFrom(source: any = {}) {
	        return new CredentialCheck(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.validity = source["validity"];
	        this.reason = source["reason"];
	        this.at_ms = source["at_ms"];
	    }
	}
	export class CurlInput {
	    draft: Draft;
	    source: Source;
	    record: Record<string, string>;
	    shell: string;
	
	    static createFrom(source: any = {}) {
	        return new CurlInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.draft = this.convertValues(source["draft"], Draft);
	        this.source = this.convertValues(source["source"], Source);
	        this.record = source["record"];
	        this.shell = source["shell"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class CurlOutput {
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new CurlOutput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.text = source["text"];
	    }
	}
	export class DeleteInfo {
	    title: string;
	    calls: number;
	    fallback_id: string;
	    fallback: string;
	    place: string;
	    stage: string;
	
	    static createFrom(source: any = {}) {
	        return new DeleteInfo(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.title = source["title"];
	        this.calls = source["calls"];
	        this.fallback_id = source["fallback_id"];
	        this.fallback = source["fallback"];
	        this.place = source["place"];
	        this.stage = source["stage"];
	    }
	}
	
	export class IDInput {
	    id: string;
	
	    static createFrom(source: any = {}) {
	        return new IDInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	    }
	}
	export class ListInput {
	    search: string;
	    channel: string;
	    auth_type: string;
	    provider: string;
	    verdict: string;
	    place_id: string;
	    deleted: boolean;
	    sort: string;
	    descending: boolean;
	    after: string;
	    limit: number;
	    enabled_only: boolean;
	
	    static createFrom(source: any = {}) {
	        return new ListInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.search = source["search"];
	        this.channel = source["channel"];
	        this.auth_type = source["auth_type"];
	        this.provider = source["provider"];
	        this.verdict = source["verdict"];
	        this.place_id = source["place_id"];
	        this.deleted = source["deleted"];
	        this.sort = source["sort"];
	        this.descending = source["descending"];
	        this.after = source["after"];
	        this.limit = source["limit"];
	        this.enabled_only = source["enabled_only"];
	    }
	}
	
	export class Row {
	    id: string;
	    process: string;
	    sub_process: string;
	    sub_sub_process: string;
	    stage: string;
	    auth_type: request.AuthType;
	    channel: Channel;
	    provider: string;
	    provider_name: string;
	    name: string;
	    method: string;
	    url: string;
	    enabled: boolean;
	    tls_off: boolean;
	    unreadable: boolean;
	    last_verdict: string;
	    last_at_ms: number;
	    last_simulated: boolean;
	    version: number;
	    deleted_ms: number;
	
	    static createFrom(source: any = {}) {
	        return new Row(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.process = source["process"];
	        this.sub_process = source["sub_process"];
	        this.sub_sub_process = source["sub_sub_process"];
	        this.stage = source["stage"];
	        this.auth_type = source["auth_type"];
	        this.channel = source["channel"];
	        this.provider = source["provider"];
	        this.provider_name = source["provider_name"];
	        this.name = source["name"];
	        this.method = source["method"];
	        this.url = source["url"];
	        this.enabled = source["enabled"];
	        this.tls_off = source["tls_off"];
	        this.unreadable = source["unreadable"];
	        this.last_verdict = source["last_verdict"];
	        this.last_at_ms = source["last_at_ms"];
	        this.last_simulated = source["last_simulated"];
	        this.version = source["version"];
	        this.deleted_ms = source["deleted_ms"];
	    }
	}
	export class Page {
	    rows: Row[];
	    next: string;
	    count: number;
	    capped: boolean;
	
	    static createFrom(source: any = {}) {
	        return new Page(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.rows = this.convertValues(source["rows"], Row);
	        this.next = source["next"];
	        this.count = source["count"];
	        this.capped = source["capped"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class PasteInput {
	    line: string;
	
	    static createFrom(source: any = {}) {
	        return new PasteInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.line = source["line"];
	    }
	}
	export class PastedProvider {
	    id: string;
	    name: string;
	    paste_id: string;
	    draft: Draft;
	    left_out: string[];
	
	    static createFrom(source: any = {}) {
	        return new PastedProvider(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.paste_id = source["paste_id"];
	        this.draft = this.convertValues(source["draft"], Draft);
	        this.left_out = source["left_out"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Pasted {
	    id: string;
	    draft: Draft;
	    dialect: string;
	    made: curl.Item[];
	    not_carried: curl.Item[];
	    secrets: string[];
	    provider?: PastedProvider;
	
	    static createFrom(source: any = {}) {
	        return new Pasted(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.draft = this.convertValues(source["draft"], Draft);
	        this.dialect = source["dialect"];
	        this.made = this.convertValues(source["made"], curl.Item);
	        this.not_carried = this.convertValues(source["not_carried"], curl.Item);
	        this.secrets = source["secrets"];
	        this.provider = this.convertValues(source["provider"], PastedProvider);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class PreviewInput {
	    draft: Draft;
	    source: Source;
	    record: Record<string, string>;
	
	    static createFrom(source: any = {}) {
	        return new PreviewInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.draft = this.convertValues(source["draft"], Draft);
	        this.source = this.convertValues(source["source"], Source);
	        this.record = source["record"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class PreviewOutput {
	    preview: request.Preview;
	    fields: process.Field[];
	    service: string;
	    message?: sms.Count;
	    advice: fault.Field[];
	
	    static createFrom(source: any = {}) {
	        return new PreviewOutput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.preview = this.convertValues(source["preview"], request.Preview);
	        this.fields = this.convertValues(source["fields"], process.Field);
	        this.service = source["service"];
	        this.message = this.convertValues(source["message"], sms.Count);
	        this.advice = this.convertValues(source["advice"], fault.Field);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Step {
	    place: string;
	    stage: string;
	    setup_id: string;
	    found: string;
	
	    static createFrom(source: any = {}) {
	        return new Step(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.place = source["place"];
	        this.stage = source["stage"];
	        this.setup_id = source["setup_id"];
	        this.found = source["found"];
	    }
	}
	export class Resolution {
	    setup_id: string;
	    steps: Step[];
	
	    static createFrom(source: any = {}) {
	        return new Resolution(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.setup_id = source["setup_id"];
	        this.steps = this.convertValues(source["steps"], Step);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class ResolveInput {
	    place_id: string;
	    stage_id: string;
	    channel: Channel;
	
	    static createFrom(source: any = {}) {
	        return new ResolveInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.place_id = source["place_id"];
	        this.stage_id = source["stage_id"];
	        this.channel = source["channel"];
	    }
	}
	
	export class Setup {
	    id: string;
	    draft: Draft;
	    version: number;
	    created_ms: number;
	    updated_ms: number;
	    deleted_ms: number;
	    places: string[];
	    stage: string;
	    title: string;
	    provider_name: string;
	    check?: CredentialCheck;
	
	    static createFrom(source: any = {}) {
	        return new Setup(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.draft = this.convertValues(source["draft"], Draft);
	        this.version = source["version"];
	        this.created_ms = source["created_ms"];
	        this.updated_ms = source["updated_ms"];
	        this.deleted_ms = source["deleted_ms"];
	        this.places = source["places"];
	        this.stage = source["stage"];
	        this.title = source["title"];
	        this.provider_name = source["provider_name"];
	        this.check = this.convertValues(source["check"], CredentialCheck);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class SavedSetups {
	    setups: Setup[];
	
	    static createFrom(source: any = {}) {
	        return new SavedSetups(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.setups = this.convertValues(source["setups"], Setup);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	
	
	export class UpdateInput {
	    id: string;
	    version: number;
	    draft: Draft;
	
	    static createFrom(source: any = {}) {
	        return new UpdateInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.version = source["version"];
	        this.draft = this.convertValues(source["draft"], Draft);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}

}

export namespace sms {
	
	export enum Alphabet {
	    GSM = "gsm7",
	    UCS2 = "ucs2",
	}
	export class Count {
	    alphabet: Alphabet;
	    units: number;
	    segments: number;
	    left: number;
	    odd: string[];
	
	    static createFrom(source: any = {}) {
	        return new Count(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.alphabet = source["alphabet"];
	        this.units = source["units"];
	        this.segments = source["segments"];
	        this.left = source["left"];
	        this.odd = source["odd"];
	    }
	}

}

export namespace transfer {
	
	export class Choice {
	    row: number;
	    over: string;
	    over_version: number;
	
	    static createFrom(source: any = {}) {
	        return new Choice(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.row = source["row"];
	        this.over = source["over"];
	        this.over_version = source["over_version"];
	    }
	}
	export class ExportInput {
	    filter: setup.ListInput;
	    ids: string[];
	
	    static createFrom(source: any = {}) {
	        return new ExportInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.filter = this.convertValues(source["filter"], setup.ListInput);
	        this.ids = source["ids"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class File {
	    name: string;
	    text: string;
	    setups: number;
	    hidden: string[];
	    damaged: string[];
	
	    static createFrom(source: any = {}) {
	        return new File(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.text = source["text"];
	        this.setups = source["setups"];
	        this.hidden = source["hidden"];
	        this.damaged = source["damaged"];
	    }
	}
	export class ImportInput {
	    text: string;
	    rows: Choice[];
	
	    static createFrom(source: any = {}) {
	        return new ImportInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.text = source["text"];
	        this.rows = this.convertValues(source["rows"], Choice);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Unfinished {
	    id: string;
	    title: string;
	    retype: string[];
	    was_plain: string[];
	
	    static createFrom(source: any = {}) {
	        return new Unfinished(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.title = source["title"];
	        this.retype = source["retype"];
	        this.was_plain = source["was_plain"];
	    }
	}
	export class Imported {
	    added: number;
	    replaced: number;
	    places: number;
	    stages: number;
	    fields: number;
	    unfinished: Unfinished[];
	
	    static createFrom(source: any = {}) {
	        return new Imported(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.added = source["added"];
	        this.replaced = source["replaced"];
	        this.places = source["places"];
	        this.stages = source["stages"];
	        this.fields = source["fields"];
	        this.unfinished = this.convertValues(source["unfinished"], Unfinished);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Row {
	    row: number;
	    line: number;
	    title: string;
	    place: string;
	    stage: string;
	    channel: setup.Channel;
	    state: string;
	    over: string;
	    over_version: number;
	    over_title: string;
	    over_on: boolean;
	    needs: number[];
	    kept: string[];
	    retype: string[];
	    gone: string[];
	    off: boolean;
	    tls_off: boolean;
	    notes: string[];
	    problems: string[];
	
	    static createFrom(source: any = {}) {
	        return new Row(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.row = source["row"];
	        this.line = source["line"];
	        this.title = source["title"];
	        this.place = source["place"];
	        this.stage = source["stage"];
	        this.channel = source["channel"];
	        this.state = source["state"];
	        this.over = source["over"];
	        this.over_version = source["over_version"];
	        this.over_title = source["over_title"];
	        this.over_on = source["over_on"];
	        this.needs = source["needs"];
	        this.kept = source["kept"];
	        this.retype = source["retype"];
	        this.gone = source["gone"];
	        this.off = source["off"];
	        this.tls_off = source["tls_off"];
	        this.notes = source["notes"];
	        this.problems = source["problems"];
	    }
	}
	export class Preview {
	    rows: Row[];
	    makes: process.Lack[];
	    notes: string[];
	
	    static createFrom(source: any = {}) {
	        return new Preview(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.rows = this.convertValues(source["rows"], Row);
	        this.makes = this.convertValues(source["makes"], process.Lack);
	        this.notes = source["notes"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class PreviewInput {
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new PreviewInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.text = source["text"];
	    }
	}
	

}

export namespace user {
	
	export class Appearance {
	    scheme: string;
	    text_size: number;
	
	    static createFrom(source: any = {}) {
	        return new Appearance(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.scheme = source["scheme"];
	        this.text_size = source["text_size"];
	    }
	}
	export class ChangePasswordInput {
	    old_password: string;
	    new_password: string;
	
	    static createFrom(source: any = {}) {
	        return new ChangePasswordInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.old_password = source["old_password"];
	        this.new_password = source["new_password"];
	    }
	}
	export class CreateInput {
	    name: string;
	    full_name: string;
	    password: string;
	    role_ids: string[];
	
	    static createFrom(source: any = {}) {
	        return new CreateInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.full_name = source["full_name"];
	        this.password = source["password"];
	        this.role_ids = source["role_ids"];
	    }
	}
	export class CreateRoleInput {
	    name: string;
	    permissions: string[];
	
	    static createFrom(source: any = {}) {
	        return new CreateRoleInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.permissions = source["permissions"];
	    }
	}
	export class DeleteInput {
	    id: string;
	    version: number;
	
	    static createFrom(source: any = {}) {
	        return new DeleteInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.version = source["version"];
	    }
	}
	export class ForgotPasswordInput {
	    name: string;
	    code: string;
	    new_password: string;
	
	    static createFrom(source: any = {}) {
	        return new ForgotPasswordInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.code = source["code"];
	        this.new_password = source["new_password"];
	    }
	}
	export class ListInput {
	    search: string;
	
	    static createFrom(source: any = {}) {
	        return new ListInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.search = source["search"];
	    }
	}
	export class Nothing {
	
	
	    static createFrom(source: any = {}) {
	        return new Nothing(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	
	    }
	}
	export class PasswordInput {
	    password: string;
	
	    static createFrom(source: any = {}) {
	        return new PasswordInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.password = source["password"];
	    }
	}
	export class ResetPasswordInput {
	    id: string;
	    password: string;
	
	    static createFrom(source: any = {}) {
	        return new ResetPasswordInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.password = source["password"];
	    }
	}
	export class Role {
	    id: string;
	    name: string;
	    built_in: boolean;
	    locked: boolean;
	    permissions: string[];
	    users: number;
	    version: number;
	
	    static createFrom(source: any = {}) {
	        return new Role(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.built_in = source["built_in"];
	        this.locked = source["locked"];
	        this.permissions = source["permissions"];
	        this.users = source["users"];
	        this.version = source["version"];
	    }
	}
	export class RoleRef {
	    id: string;
	    name: string;
	
	    static createFrom(source: any = {}) {
	        return new RoleRef(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	    }
	}
	export class Session {
	    signed_in: boolean;
	    locked: boolean;
	    must_change: boolean;
	    user_id: string;
	    name: string;
	    full_name: string;
	    roles: string[];
	    permissions: string[];
	    is_org_admin: boolean;
	    appearance: Appearance;
	
	    static createFrom(source: any = {}) {
	        return new Session(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.signed_in = source["signed_in"];
	        this.locked = source["locked"];
	        this.must_change = source["must_change"];
	        this.user_id = source["user_id"];
	        this.name = source["name"];
	        this.full_name = source["full_name"];
	        this.roles = source["roles"];
	        this.permissions = source["permissions"];
	        this.is_org_admin = source["is_org_admin"];
	        this.appearance = this.convertValues(source["appearance"], Appearance);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class SignInInput {
	    name: string;
	    password: string;
	
	    static createFrom(source: any = {}) {
	        return new SignInInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.password = source["password"];
	    }
	}
	export class UpdateInput {
	    id: string;
	    version: number;
	    name: string;
	    full_name: string;
	    role_ids: string[];
	    active: boolean;
	
	    static createFrom(source: any = {}) {
	        return new UpdateInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.version = source["version"];
	        this.name = source["name"];
	        this.full_name = source["full_name"];
	        this.role_ids = source["role_ids"];
	        this.active = source["active"];
	    }
	}
	export class UpdateRoleInput {
	    id: string;
	    version: number;
	    name: string;
	    permissions: string[];
	
	    static createFrom(source: any = {}) {
	        return new UpdateRoleInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.version = source["version"];
	        this.name = source["name"];
	        this.permissions = source["permissions"];
	    }
	}
	export class User {
	    id: string;
	    name: string;
	    full_name: string;
	    roles: RoleRef[];
	    active: boolean;
	    must_change: boolean;
	    last_sign_in_ms: number;
	    created_ms: number;
	    version: number;
	
	    static createFrom(source: any = {}) {
	        return new User(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.full_name = source["full_name"];
	        this.roles = this.convertValues(source["roles"], RoleRef);
	        this.active = source["active"];
	        this.must_change = source["must_change"];
	        this.last_sign_in_ms = source["last_sign_in_ms"];
	        this.created_ms = source["created_ms"];
	        this.version = source["version"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}

}

export namespace verdict {
	
	export enum Basis {
	    ByProviderRule = "provider rule",
	    BySetupRule = "setup rule",
	    ByStatus = "status only",
	}
	export enum Phase {
	    PhaseAddress = "address",
	    PhaseCancelled = "cancelled",
	    PhaseConnect = "connect",
	    PhaseName = "name",
	    PhaseReceive = "receive",
	    PhaseSend = "send",
	    PhaseTLS = "tls",
	    PhaseTimeout = "timeout",
	    PhaseToken = "token",
	}
	export enum Source {
	    FromHeader = "header",
	    FromJSON = "json",
	    FromText = "text",
	    FromXML = "xml",
	}
	export enum Test {
	    Absent = "absent",
	    Equals = "equals",
	    Matches = "matches",
	    NotEquals = "not_equals",
	    OneOf = "one_of",
	    Present = "present",
	}
	export enum Verdict {
	    Accepted = "accepted",
	    Failed = "failed",
	    Refused = "refused",
	    Throttled = "throttled",
	    Unclear = "unclear",
	}
	export class Condition {
	    from: Source;
	    path: string;
	    test: Test;
	    value: string;
	
	    static createFrom(source: any = {}) {
	        return new Condition(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.from = source["from"];
	        this.path = source["path"];
	        this.test = source["test"];
	        this.value = source["value"];
	    }
	}
	export class Extractor {
	    from: Source;
	    path: string;
	
	    static createFrom(source: any = {}) {
	        return new Extractor(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.from = source["from"];
	        this.path = source["path"];
	    }
	}
	export class Failure {
	    phase: Phase;
	    text: string;
	    hint: string;
	    detail: string;
	
	    static createFrom(source: any = {}) {
	        return new Failure(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.phase = source["phase"];
	        this.text = source["text"];
	        this.hint = source["hint"];
	        this.detail = source["detail"];
	    }
	}
	export class Header {
	    name: string;
	    value: string;
	
	    static createFrom(source: any = {}) {
	        return new Header(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.value = source["value"];
	    }
	}
	export class Result {
	    verdict: Verdict;
	    reason: string;
	    hint: string;
	    by: Basis;
	    rule_text: string;
	    message_id: string;
	    error_code: string;
	    error_text: string;
	    retry_after_s: number;
	    parts_accepted: number;
	    parts_total: number;
	
	    static createFrom(source: any = {}) {
	        return new Result(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.verdict = source["verdict"];
	        this.reason = source["reason"];
	        this.hint = source["hint"];
	        this.by = source["by"];
	        this.rule_text = source["rule_text"];
	        this.message_id = source["message_id"];
	        this.error_code = source["error_code"];
	        this.error_text = source["error_text"];
	        this.retry_after_s = source["retry_after_s"];
	        this.parts_accepted = source["parts_accepted"];
	        this.parts_total = source["parts_total"];
	    }
	}
	export class Rule {
	    status: string;
	    any_of: boolean;
	    conditions: Condition[];
	    each: string;
	    message_id: Extractor;
	    error_code: Extractor;
	    error_text: Extractor;
	    throttled: string[];
	
	    static createFrom(source: any = {}) {
	        return new Rule(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.status = source["status"];
	        this.any_of = source["any_of"];
	        this.conditions = this.convertValues(source["conditions"], Condition);
	        this.each = source["each"];
	        this.message_id = this.convertValues(source["message_id"], Extractor);
	        this.error_code = this.convertValues(source["error_code"], Extractor);
	        this.error_text = this.convertValues(source["error_text"], Extractor);
	        this.throttled = source["throttled"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}

}

