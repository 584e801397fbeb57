PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO goose_db_version VALUES(1,0,1,'2026-11-28 01:59:50');
INSERT INTO goose_db_version VALUES(2,1,1,'2026-11-28 01:59:50');
INSERT INTO goose_db_version VALUES(3,2,1,'2026-11-28 01:59:50');
CREATE TABLE office (
  id              INTEGER PRIMARY KEY CHECK (id = 1),
  installation_id TEXT NOT NULL,
  name            TEXT NOT NULL,
  country         TEXT NOT NULL,
  time_zone       TEXT NOT NULL,
  idle_minutes    INTEGER NOT NULL,
  created_ms      INTEGER NOT NULL,
  version         INTEGER NOT NULL
);
INSERT INTO office VALUES(1,'01a21fe1-556a-7eed-b691-3378e07f812d','Acme','IN','Asia/Kolkata',15,1795831191654,1);
CREATE TABLE wrapping (
  kind TEXT PRIMARY KEY,
  data BLOB NOT NULL
);
INSERT INTO wrapping VALUES('verifier',X'7b227365616c6564223a224979637a5761304e304b5157552b3451304a7738426553446348324134746c3548316f755a63726944344e645131636c326949304f50464a366246504869432f527035364e474a4a4f38746d546563396634567136684b7058527a6f634d7a4948357233227d');
INSERT INTO wrapping VALUES('recovery',X'7b2273616c74223a22365a554e427674457a794b39676e75554171706b6e773d3d222c227365616c6564223a2243615862564a64636330362f2f565242304b6b33375756726873364a2f456c3353585371324a3056703450754d4930646a715151724877413542645970675853615532364c4f644c6468533772376366445536355762544c374d3144442f4e5a227d');
INSERT INTO wrapping VALUES('passphrase',X'7b2273616c74223a224d4b6d624877545a576a7a5a3233345944436b7332773d3d222c2274696d65223a332c226d656d6f72795f6b6962223a36353533362c2274687265616473223a342c227365616c6564223a226a4862323336746953316a5863716238793344787a6a56775a75614c6d334b572f616232493551624467306c4b6736554e394d4e756e3756393654635057394e3369724761434d7970396f37634a53702b346f6757566a54524b706c4669724f227d');
CREATE TABLE secret (
  owner_kind TEXT NOT NULL,
  owner_id   TEXT NOT NULL,
  slot       TEXT NOT NULL,
  version    INTEGER NOT NULL,
  sealed     BLOB NOT NULL,
  PRIMARY KEY (owner_kind, owner_id, slot)
);
INSERT INTO secret VALUES('office','office','activity_mac',1,X'ecba60c884f2433ae0731547a4ca4afc89aa3995b299dbeec2fbfb6a6470ed2d36110e53e0930b80b2fb338ccc77b02eaf39cdc55f6876f2516f5ae43a762bf5af9ca71bc799af4c');
CREATE TABLE role (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL UNIQUE,
  built_in    INTEGER NOT NULL,
  permissions TEXT NOT NULL,
  version     INTEGER NOT NULL
);
INSERT INTO role VALUES('org_admin','Org Admin','org admin',1,'["setup.create","setup.edit","setup.delete","setup.view","process.create","process.edit","process.delete","process.view","user.create","user.edit","user.delete","user.view","setup.test","call.send","call.view","activity.view","settings.manage","data.import","data.export"]',1);
INSERT INTO role VALUES('manager','Manager','manager',1,'["setup.create","setup.edit","setup.delete","setup.view","process.create","process.edit","process.delete","process.view","setup.test","call.send","call.view","activity.view","data.import","data.export"]',1);
INSERT INTO role VALUES('operator','Operator','operator',1,'["setup.view","process.view","setup.test","call.send","call.view"]',1);
INSERT INTO role VALUES('viewer','Viewer','viewer',1,'["setup.view","process.view","call.view"]',1);
CREATE TABLE user (
  id              TEXT PRIMARY KEY,
  name            TEXT NOT NULL,
  name_key        TEXT NOT NULL UNIQUE,
  full_name       TEXT NOT NULL,
  password_hash   TEXT NOT NULL,
  must_change     INTEGER NOT NULL,
  active          INTEGER NOT NULL,
  failures        INTEGER NOT NULL,
  wait_until_ms   INTEGER NOT NULL,
  last_sign_in_ms INTEGER NOT NULL,
  created_ms      INTEGER NOT NULL,
  version         INTEGER NOT NULL
);
INSERT INTO user VALUES('01a21fe1-5867-7682-bcfb-0cda88a9b5d2','admin','admin','Ada Admin','$argon2id$v=19$m=64,t=1,p=1$AB87R6q1PmmpvxPHwB7ndA$ng0uakLldT7Q5sxs6ye0PzrR9371xUQz+8nJcr0C2/g',0,1,3,0,0,1795831191655,1);
INSERT INTO user VALUES('01a21fe1-586a-7162-885f-5e3fc7a3014b','viktor','viktor','Viktor Viewer','$argon2id$v=19$m=64,t=1,p=1$7ANEv+234Cc27hA9cb4Lbg$RHGCCsDDr5NQrE5OXXYpYxI5P4S2rXj2QX6eBVe7Qd0',1,1,0,0,0,1795831191658,1);
CREATE TABLE user_role (
  user_id TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
  role_id TEXT NOT NULL REFERENCES role(id),
  PRIMARY KEY (user_id, role_id)
);
INSERT INTO user_role VALUES('01a21fe1-5867-7682-bcfb-0cda88a9b5d2','org_admin');
INSERT INTO user_role VALUES('01a21fe1-586a-7162-885f-5e3fc7a3014b','viewer');
CREATE TABLE place (
  id        TEXT PRIMARY KEY,
  parent_id TEXT REFERENCES place(id),
  level     INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3),
  name      TEXT NOT NULL,
  name_key  TEXT NOT NULL,
  code      TEXT NOT NULL,
  version   INTEGER NOT NULL
);
INSERT INTO place VALUES('01a21fe1-5869-708c-9fa8-f494de4ff5bf',NULL,1,'Orders','orders','orders',1);
INSERT INTO place VALUES('01a21fe1-5869-77a1-92a9-a1b82468567c','01a21fe1-5869-708c-9fa8-f494de4ff5bf',2,'Delivery Ä','delivery ä','delivery_a',1);
CREATE TABLE stage (
  id       TEXT PRIMARY KEY,
  place_id TEXT NOT NULL REFERENCES place(id),
  name     TEXT NOT NULL,
  name_key TEXT NOT NULL,
  code     TEXT NOT NULL,
  position INTEGER NOT NULL,
  version  INTEGER NOT NULL
);
CREATE TABLE stage_field (
  id       TEXT PRIMARY KEY,
  stage_id TEXT NOT NULL REFERENCES stage(id),
  name     TEXT NOT NULL,
  name_key TEXT NOT NULL,
  code     TEXT NOT NULL,
  type     TEXT NOT NULL,
  required INTEGER NOT NULL,
  sample   TEXT NOT NULL,
  position INTEGER NOT NULL,
  version  INTEGER NOT NULL
);
CREATE TABLE setup (
  id                  TEXT PRIMARY KEY,
  place_id            TEXT NOT NULL,
  stage_id            TEXT,
  channel             TEXT NOT NULL,
  provider            TEXT NOT NULL,
  enabled             INTEGER NOT NULL,
  name                TEXT NOT NULL,
  auth_type           TEXT NOT NULL,
  method              TEXT NOT NULL,
  url                 TEXT NOT NULL,
  document            TEXT NOT NULL,
  path_key            TEXT NOT NULL,
  sub_process_key     TEXT NOT NULL,
  sub_sub_process_key TEXT NOT NULL,
  stage_key           TEXT NOT NULL,
  search              TEXT NOT NULL,
  tls_off             INTEGER NOT NULL DEFAULT 0,
  last_verdict        TEXT NOT NULL,
  last_at_ms          INTEGER NOT NULL,
  version             INTEGER NOT NULL,
  created_ms          INTEGER NOT NULL,
  updated_ms          INTEGER NOT NULL,
  deleted_ms          INTEGER NOT NULL
, provider_name TEXT NOT NULL DEFAULT '', provider_key TEXT NOT NULL DEFAULT '', last_simulated INTEGER NOT NULL DEFAULT 0, checked TEXT NOT NULL DEFAULT '');
CREATE TABLE call (
  id            TEXT PRIMARY KEY,
  at_ms         INTEGER NOT NULL,
  mode          TEXT NOT NULL,
  run_id        TEXT NOT NULL,
  setup_id      TEXT NOT NULL,
  setup_version INTEGER NOT NULL,
  draft         INTEGER NOT NULL,
  place_names   TEXT NOT NULL,
  channel       TEXT NOT NULL,
  service       TEXT NOT NULL,
  user_id       TEXT NOT NULL,
  user_name     TEXT NOT NULL,
  recipient     TEXT NOT NULL,
  recipient_key TEXT NOT NULL,
  state         TEXT NOT NULL,
  verdict       TEXT NOT NULL,
  delivery      TEXT NOT NULL,
  status        INTEGER NOT NULL,
  total_ms      REAL NOT NULL,
  reason        TEXT NOT NULL,
  message_id    TEXT NOT NULL,
  error_code    TEXT NOT NULL,
  record        TEXT NOT NULL,
  request       TEXT NOT NULL,
  answer        TEXT NOT NULL
, simulated TEXT NOT NULL DEFAULT '');
CREATE TABLE activity (
  seq        INTEGER PRIMARY KEY,
  at_ms      INTEGER NOT NULL,
  mono_ms    INTEGER NOT NULL,
  actor_id   TEXT NOT NULL,
  actor      TEXT NOT NULL,
  roles      TEXT NOT NULL,
  source     TEXT NOT NULL,
  op         TEXT NOT NULL,
  outcome    TEXT NOT NULL,
  kind       TEXT NOT NULL,
  object_id  TEXT NOT NULL,
  object     TEXT NOT NULL,
  count      INTEGER NOT NULL,
  before     TEXT NOT NULL,
  after      TEXT NOT NULL,
  search     TEXT NOT NULL,
  prev_mac   BLOB NOT NULL,
  mac        BLOB NOT NULL
);
INSERT INTO activity VALUES(1,1795831191655,870,'01a21fe1-5867-7682-bcfb-0cda88a9b5d2','admin','','window','organisation.confirm','done','role','org_admin','Org Admin',1,'','{"id":"org_admin","name":"Org Admin","built_in":true,"locked":true,"permissions":["setup.create","setup.edit","setup.delete","setup.view","process.create","process.edit","process.delete","process.view","user.create","user.edit","user.delete","user.view","setup.test","call.send","call.view","activity.view","settings.manage","data.import","data.export"],"users":0,"version":1}',replace('admin\norganisation.confirm\nrole\norg admin\n{"id":"org_admin","name":"org admin","built_in":true,"locked":true,"permissions":["setup.create","setup.edit","setup.delete","setup.view","process.create","process.edit","process.delete","process.view","user.create","user.edit","user.delete","user.view","setup.test","call.send","call.view","activity.view","settings.manage","data.import","data.export"],"users":0,"version":1}','\n',char(10)),X'',X'1b4502d6f7515cc0be1b3324da8a28099a54c1c13806b67b9b995981e0490695');
INSERT INTO activity VALUES(2,1795831191655,870,'01a21fe1-5867-7682-bcfb-0cda88a9b5d2','admin','','window','organisation.confirm','done','role','manager','Manager',1,'','{"id":"manager","name":"Manager","built_in":true,"locked":false,"permissions":["setup.create","setup.edit","setup.delete","setup.view","process.create","process.edit","process.delete","process.view","setup.test","call.send","call.view","activity.view","data.import","data.export"],"users":0,"version":1}',replace('admin\norganisation.confirm\nrole\nmanager\n{"id":"manager","name":"manager","built_in":true,"locked":false,"permissions":["setup.create","setup.edit","setup.delete","setup.view","process.create","process.edit","process.delete","process.view","setup.test","call.send","call.view","activity.view","data.import","data.export"],"users":0,"version":1}','\n',char(10)),X'1b4502d6f7515cc0be1b3324da8a28099a54c1c13806b67b9b995981e0490695',X'23270178811d9a0af48baaa18ea11076d468b86505e745fd1ed3885f709d813c');
INSERT INTO activity VALUES(3,1795831191655,870,'01a21fe1-5867-7682-bcfb-0cda88a9b5d2','admin','','window','organisation.confirm','done','role','operator','Operator',1,'','{"id":"operator","name":"Operator","built_in":true,"locked":false,"permissions":["setup.view","process.view","setup.test","call.send","call.view"],"users":0,"version":1}',replace('admin\norganisation.confirm\nrole\noperator\n{"id":"operator","name":"operator","built_in":true,"locked":false,"permissions":["setup.view","process.view","setup.test","call.send","call.view"],"users":0,"version":1}','\n',char(10)),X'23270178811d9a0af48baaa18ea11076d468b86505e745fd1ed3885f709d813c',X'1eec4d1bfc9ea78373a4e4f610786042ff44ddc3e4cfbd8fa34c0d7de6bd96ec');
INSERT INTO activity VALUES(4,1795831191655,870,'01a21fe1-5867-7682-bcfb-0cda88a9b5d2','admin','','window','organisation.confirm','done','role','viewer','Viewer',1,'','{"id":"viewer","name":"Viewer","built_in":true,"locked":false,"permissions":["setup.view","process.view","call.view"],"users":0,"version":1}',replace('admin\norganisation.confirm\nrole\nviewer\n{"id":"viewer","name":"viewer","built_in":true,"locked":false,"permissions":["setup.view","process.view","call.view"],"users":0,"version":1}','\n',char(10)),X'1eec4d1bfc9ea78373a4e4f610786042ff44ddc3e4cfbd8fa34c0d7de6bd96ec',X'4a810839232a00cf7b246ed9720d485a0d356edd4ce0aa738cd6916d453eeb09');
INSERT INTO activity VALUES(5,1795831191655,870,'01a21fe1-5867-7682-bcfb-0cda88a9b5d2','admin','','window','organisation.confirm','done','user','01a21fe1-5867-7682-bcfb-0cda88a9b5d2','admin',1,'','{"id":"01a21fe1-5867-7682-bcfb-0cda88a9b5d2","name":"admin","full_name":"Ada Admin","roles":[{"id":"org_admin","name":"Org Admin"}],"active":true,"must_change":false,"last_sign_in_ms":0,"created_ms":1795831191655,"version":1}',replace('admin\norganisation.confirm\nuser\nadmin\n{"id":"01a21fe1-5867-7682-bcfb-0cda88a9b5d2","name":"admin","full_name":"ada admin","roles":[{"id":"org_admin","name":"org admin"}],"active":true,"must_change":false,"last_sign_in_ms":0,"created_ms":1795831191655,"version":1}','\n',char(10)),X'4a810839232a00cf7b246ed9720d485a0d356edd4ce0aa738cd6916d453eeb09',X'6a2476b8d2b7d9436e773a7f2265ca5b3d9e5d06b30c6dd9c936b36360233a78');
INSERT INTO activity VALUES(6,1795831191655,870,'01a21fe1-5867-7682-bcfb-0cda88a9b5d2','admin','','window','organisation.confirm','done','organisation','1','Acme',1,'','{"installation_id":"01a21fe1-556a-7eed-b691-3378e07f812d","name":"Acme","country":"IN","time_zone":"Asia/Kolkata","idle_minutes":15,"created_ms":1795831191654,"version":1}',replace('admin\norganisation.confirm\norganisation\nacme\n{"installation_id":"01a21fe1-556a-7eed-b691-3378e07f812d","name":"acme","country":"in","time_zone":"asia/kolkata","idle_minutes":15,"created_ms":1795831191654,"version":1}','\n',char(10)),X'6a2476b8d2b7d9436e773a7f2265ca5b3d9e5d06b30c6dd9c936b36360233a78',X'806f4387899531bdaef8e18e9d18bcd4da1502c5892579c383a4d6068612cd6a');
INSERT INTO activity VALUES(7,1795831191657,871,'01a21fe1-5867-7682-bcfb-0cda88a9b5d2','admin','Org Admin','window','process.create_place','done','place','01a21fe1-5869-708c-9fa8-f494de4ff5bf','Orders',1,'','{"path":"Orders","code":"orders"}',replace('admin\nprocess.create_place\nplace\norders\n{"path":"orders","code":"orders"}','\n',char(10)),X'806f4387899531bdaef8e18e9d18bcd4da1502c5892579c383a4d6068612cd6a',X'88f62bfcabac5127245545113a341b80f4b11b057c8a46b7e2603dd18db4c364');
INSERT INTO activity VALUES(8,1795831191657,872,'01a21fe1-5867-7682-bcfb-0cda88a9b5d2','admin','Org Admin','window','process.create_place','done','place','01a21fe1-5869-77a1-92a9-a1b82468567c','Orders / Delivery Ä',1,'','{"path":"Orders / Delivery Ä","code":"delivery_a"}',replace('admin\nprocess.create_place\nplace\norders / delivery ä\n{"path":"orders / delivery ä","code":"delivery_a"}','\n',char(10)),X'88f62bfcabac5127245545113a341b80f4b11b057c8a46b7e2603dd18db4c364',X'dc9c87b9fb8f8a68cf20dc1e09a3d08c23577b3c7b987cb1a37040d553591745');
INSERT INTO activity VALUES(9,1795831191658,872,'01a21fe1-5867-7682-bcfb-0cda88a9b5d2','admin','Org Admin','window','user.create','done','user','01a21fe1-586a-7162-885f-5e3fc7a3014b','viktor',1,'','{"id":"01a21fe1-586a-7162-885f-5e3fc7a3014b","name":"viktor","full_name":"Viktor Viewer","roles":[{"id":"viewer","name":"Viewer"}],"active":true,"must_change":true,"last_sign_in_ms":0,"created_ms":1795831191658,"version":1}',replace('admin\nuser.create\nuser\nviktor\n{"id":"01a21fe1-586a-7162-885f-5e3fc7a3014b","name":"viktor","full_name":"viktor viewer","roles":[{"id":"viewer","name":"viewer"}],"active":true,"must_change":true,"last_sign_in_ms":0,"created_ms":1795831191658,"version":1}','\n',char(10)),X'dc9c87b9fb8f8a68cf20dc1e09a3d08c23577b3c7b987cb1a37040d553591745',X'c79f1bbb45eb506beafbb638b6e931925185ba2f1ee951d1342251e197827132');
INSERT INTO activity VALUES(10,1795831191658,873,'01a21fe1-5867-7682-bcfb-0cda88a9b5d2','admin','Org Admin','window','user.sign_out','done','user','01a21fe1-5867-7682-bcfb-0cda88a9b5d2','admin',1,'','{"signed_in":false}',replace('admin\nuser.sign_out\nuser\nadmin\n{"signed_in":false}','\n',char(10)),X'c79f1bbb45eb506beafbb638b6e931925185ba2f1ee951d1342251e197827132',X'212eff48d3dc0c2b5a994fe5cf2348b61c56b1702e7ee38554c2ef3e310ac219');
INSERT INTO activity VALUES(11,1795831191664,879,'01a21fe1-5867-7682-bcfb-0cda88a9b5d2','admin','Org Admin','window','user.sign_in','refused','refusal','','User name or password is wrong.',1,'','',replace('admin\nuser.sign_in\nrefusal\nuser name or password is wrong.\n','\n',char(10)),X'212eff48d3dc0c2b5a994fe5cf2348b61c56b1702e7ee38554c2ef3e310ac219',X'01ce833dc683eb1a554c935b6b80b4b7df9ae41faa9e2a7a5a1f26cfb3cb5df0');
INSERT INTO activity VALUES(12,1795831191664,879,'01a21fe1-5867-7682-bcfb-0cda88a9b5d2','admin','Org Admin','window','user.sign_in','refused','refusal','','User name or password is wrong.',2,'','',replace('admin\nuser.sign_in\nrefusal\nuser name or password is wrong.\n','\n',char(10)),X'01ce833dc683eb1a554c935b6b80b4b7df9ae41faa9e2a7a5a1f26cfb3cb5df0',X'bc0c697c60fcb41ce8dd6150910d620e3c4474c892a3fe416cfdd59035ef6031');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('goose_db_version',3);
CREATE INDEX user_role_role ON user_role(role_id);
CREATE UNIQUE INDEX place_name ON place(COALESCE(parent_id, ''), name_key);
CREATE UNIQUE INDEX place_code ON place(COALESCE(parent_id, ''), code);
CREATE UNIQUE INDEX stage_name ON stage(place_id, name_key);
CREATE UNIQUE INDEX stage_code ON stage(place_id, code);
CREATE UNIQUE INDEX stage_field_name ON stage_field(stage_id, name_key);
CREATE UNIQUE INDEX stage_field_code ON stage_field(stage_id, code);
CREATE UNIQUE INDEX setup_one_enabled ON setup(place_id, COALESCE(stage_id, ''), channel)
  WHERE enabled = 1 AND deleted_ms = 0;
CREATE INDEX setup_place ON setup(place_id);
CREATE INDEX setup_stage ON setup(stage_id);
CREATE INDEX setup_by_path ON setup(deleted_ms, path_key, id);
CREATE INDEX setup_by_sub ON setup(deleted_ms, sub_process_key, id);
CREATE INDEX setup_by_sub_sub ON setup(deleted_ms, sub_sub_process_key, id);
CREATE INDEX setup_by_stage ON setup(deleted_ms, stage_key, id);
CREATE INDEX setup_by_auth ON setup(deleted_ms, auth_type, id);
CREATE INDEX setup_by_channel ON setup(deleted_ms, channel, id);
CREATE INDEX setup_by_verdict ON setup(deleted_ms, last_verdict, id);
CREATE INDEX call_by_setup ON call(setup_id, id);
CREATE INDEX call_by_verdict ON call(verdict, id);
CREATE INDEX call_by_recipient ON call(recipient_key, id);
CREATE INDEX call_by_run ON call(run_id, id);
CREATE INDEX call_by_state ON call(state) WHERE state <> 'done';
CREATE INDEX activity_by_actor ON activity(actor_id, seq);
CREATE INDEX activity_by_kind ON activity(kind, seq);
CREATE INDEX activity_by_object ON activity(object_id, seq);
CREATE TRIGGER activity_no_update BEFORE UPDATE ON activity
BEGIN SELECT RAISE(ABORT, 'activity entries are never changed'); END;
CREATE TRIGGER activity_no_delete BEFORE DELETE ON activity
BEGIN SELECT RAISE(ABORT, 'activity entries are never removed'); END;
CREATE INDEX setup_by_provider ON setup(deleted_ms, provider_key, id);
CREATE INDEX setup_with_provider ON setup(provider) WHERE provider <> '';
COMMIT;
