BEGIN TRANSACTION;
CREATE TABLE activity (
	id INTEGER NOT NULL, 
	record_id INTEGER NOT NULL, 
	began VARCHAR NOT NULL, 
	seconds FLOAT NOT NULL, 
	CONSTRAINT pk_activity PRIMARY KEY (id), 
	CONSTRAINT uq_activity_record_id_began UNIQUE (record_id, began), 
	CONSTRAINT fk_activity_record_id_records FOREIGN KEY(record_id) REFERENCES records (id)
);
INSERT INTO "activity" VALUES(1,3,'2026-02-02T00:00:00.000+00:00',2.0);
CREATE TABLE adjudications (
	id INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	entry INTEGER NOT NULL, 
	author VARCHAR NOT NULL, 
	time VARCHAR NOT NULL, 
	adopted VARCHAR, 
	grader VARCHAR NOT NULL, 
	reason TEXT NOT NULL, 
	region BLOB NOT NULL, 
	CONSTRAINT pk_adjudications PRIMARY KEY (id), 
	CONSTRAINT fk_adjudications_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_adjudications_entry_audit FOREIGN KEY(entry) REFERENCES audit (number) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('1.2');
CREATE TABLE audit (
	number INTEGER NOT NULL, 
	time VARCHAR NOT NULL, 
	author VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	detail JSON NOT NULL, 
	previous_hash VARCHAR NOT NULL, 
	hash VARCHAR NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (number)
);
INSERT INTO "audit" VALUES(1,'2026-02-01T00:00:02.000+00:00','lead','create','{"items": 1, "content": "3ddc638ce97d457a4413f78e4687c55a8c7405be4a4d3d3b1b4fb76e4b08c3ed"}','0000000000000000000000000000000000000000000000000000000000000000','384f1a3bb2140964e9e04212ae68a7f241605a9b35a1d90b6c961abbe813d0a8');
INSERT INTO "audit" VALUES(2,'2026-02-01T00:00:02.000+00:00','lead','copy_gradings','{"items": 4, "content": "cdc954e8138da6b92306f004ee0ec61234cd3721fa2b33e94ef8059c2c724442"}','384f1a3bb2140964e9e04212ae68a7f241605a9b35a1d90b6c961abbe813d0a8','31fca633e32a19bb5fe44aea238634590555c1f8c4062cc78539b92bfcc0a740');
INSERT INTO "audit" VALUES(3,'2026-02-01T00:00:02.000+00:00','lead','assign_tasks','{"items": 3, "content": "1b0e3952c5f21b698300ed43f6de0b0c730a456f1d43044ab926c203ca1c776b"}','31fca633e32a19bb5fe44aea238634590555c1f8c4062cc78539b92bfcc0a740','3a3b6c94bc1c55fe419254e8a309d305762325b556badcf2ccbd8eb2367357dc');
INSERT INTO "audit" VALUES(4,'2026-02-01T00:00:02.000+00:00','lead','set_options','{"items": 1, "content": "f6ea30b547f5dca4706fcc634459dbf45e1e10413fb895c37643c507fcaa10e2"}','3a3b6c94bc1c55fe419254e8a309d305762325b556badcf2ccbd8eb2367357dc','132ad515a495d2e6ab7a05519d5b922acc14a4a3f79736d3dde745c71342e546');
INSERT INTO "audit" VALUES(5,'2026-02-01T00:00:02.000+00:00','lead','make_packet','{"items": 7, "content": "00e9a9afea78c82518658edc47f4bdae003b7a596ee1fe200ab60728b54358c0"}','132ad515a495d2e6ab7a05519d5b922acc14a4a3f79736d3dde745c71342e546','a909f8be2616e3f893dff79d393bbe387907044a0fd7a9fc176ea14b57cb4363');
INSERT INTO "audit" VALUES(6,'2026-02-01T00:00:03.000+00:00','ada','append','{"items": 1, "content": "33f150f4c2307b27c8ceb5bddb3bce130d43449b8142677f69ec5028047c90fe"}','a909f8be2616e3f893dff79d393bbe387907044a0fd7a9fc176ea14b57cb4363','7fa8bbfc91cc2c969252663970944b325750d9b324bef1faae752745ea6a80e5');
CREATE TABLE body_parts (
	id INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	entry INTEGER NOT NULL, 
	parts JSON NOT NULL, 
	CONSTRAINT pk_body_parts PRIMARY KEY (id), 
	CONSTRAINT fk_body_parts_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_body_parts_entry_audit FOREIGN KEY(entry) REFERENCES audit (number) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE class_lists (
	id INTEGER NOT NULL, 
	digest VARCHAR NOT NULL, 
	names JSON NOT NULL, 
	CONSTRAINT pk_class_lists PRIMARY KEY (id), 
	CONSTRAINT uq_class_lists_digest UNIQUE (digest)
);
CREATE TABLE drafts (
	id INTEGER NOT NULL, 
	record_id INTEGER NOT NULL, 
	tool VARCHAR NOT NULL, 
	is_open BOOLEAN NOT NULL, 
	points BLOB NOT NULL, 
	CONSTRAINT pk_drafts PRIMARY KEY (id), 
	CONSTRAINT uq_drafts_record_id UNIQUE (record_id), 
	CONSTRAINT fk_drafts_record_id_records FOREIGN KEY(record_id) REFERENCES records (id)
);
CREATE TABLE graders (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	CONSTRAINT pk_graders PRIMARY KEY (id), 
	CONSTRAINT uq_graders_name UNIQUE (name)
);
INSERT INTO "graders" VALUES(1,'ada');
CREATE TABLE images (
	id INTEGER NOT NULL, 
	path VARCHAR NOT NULL, 
	digest VARCHAR, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	case_name VARCHAR NOT NULL, 
	condition VARCHAR, 
	metadata JSON NOT NULL, 
	CONSTRAINT pk_images PRIMARY KEY (id), 
	CONSTRAINT uq_images_path UNIQUE (path)
);
INSERT INTO "images" VALUES(1,'a.png','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',40,30,'a.png',NULL,'{}');
INSERT INTO "images" VALUES(2,'c.png','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',9,9,'c.png',NULL,'{}');
INSERT INTO "images" VALUES(3,'b/é.png','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',20,20,'b/é.png',NULL,'{}');
CREATE TABLE options (
	id INTEGER NOT NULL, 
	entry INTEGER NOT NULL, 
	content JSON NOT NULL, 
	CONSTRAINT pk_options PRIMARY KEY (id), 
	CONSTRAINT fk_options_entry_audit FOREIGN KEY(entry) REFERENCES audit (number) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "options" VALUES(1,4,'{"instructions": "# Outline", "masks_names": true, "leads": []}');
CREATE TABLE packet (
	id INTEGER NOT NULL, 
	study_id VARCHAR NOT NULL, 
	grader VARCHAR NOT NULL, 
	made VARCHAR NOT NULL, 
	CONSTRAINT pk_packet PRIMARY KEY (id)
);
INSERT INTO "packet" VALUES(1,'8a83665f3798727f14f92ad0e6c99fdab08ee731d6cd644c131223fd2f4fed2a','ada','2026-02-01T00:00:02.000+00:00');
CREATE TABLE packet_records (
	id INTEGER NOT NULL, 
	record_id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	base INTEGER NOT NULL, 
	CONSTRAINT pk_packet_records PRIMARY KEY (id), 
	CONSTRAINT uq_packet_records_record_id UNIQUE (record_id), 
	CONSTRAINT uq_packet_records_key UNIQUE ("key"), 
	CONSTRAINT fk_packet_records_record_id_records FOREIGN KEY(record_id) REFERENCES records (id)
);
INSERT INTO "packet_records" VALUES(1,1,'e48019377c2a760ac2acc28c96c4c448f4d38dce191adf142b9c5566a677cb87',3);
INSERT INTO "packet_records" VALUES(2,2,'a4316323dcd5614d28789a2a44cd0fe34f1890e39c4e6c637d042e2e657e86cd',1);
INSERT INTO "packet_records" VALUES(3,3,'bf1805bd192298ed33b9c312ceedee36ac0ed779f1a52bf9477e3f3617903fb9',0);
CREATE TABLE pictures (
	id INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	content BLOB NOT NULL, 
	CONSTRAINT pk_pictures PRIMARY KEY (id), 
	CONSTRAINT uq_pictures_image_id UNIQUE (image_id), 
	CONSTRAINT fk_pictures_image_id_images FOREIGN KEY(image_id) REFERENCES images (id)
);
INSERT INTO "pictures" VALUES(1,1,X'6A706567206F6620612E706E67');
INSERT INTO "pictures" VALUES(2,2,X'6A706567206F6620632E706E67');
INSERT INTO "pictures" VALUES(3,3,X'6A706567206F6620622FC3A92E706E67');
CREATE TABLE predictions (
	id INTEGER NOT NULL, 
	model VARCHAR NOT NULL, 
	image_id INTEGER NOT NULL, 
	class_list_id INTEGER NOT NULL, 
	is_imported BOOLEAN NOT NULL, 
	probabilities BLOB NOT NULL, 
	CONSTRAINT pk_predictions PRIMARY KEY (id), 
	CONSTRAINT uq_predictions_model_image_id UNIQUE (model, image_id), 
	CONSTRAINT fk_predictions_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_predictions_class_list_id_class_lists FOREIGN KEY(class_list_id) REFERENCES class_lists (id)
);
CREATE TABLE privacy_boxes (
	id INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	entry INTEGER NOT NULL, 
	boxes JSON NOT NULL, 
	CONSTRAINT pk_privacy_boxes PRIMARY KEY (id), 
	CONSTRAINT fk_privacy_boxes_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_privacy_boxes_entry_audit FOREIGN KEY(entry) REFERENCES audit (number) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE records (
	id INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	grader_id INTEGER NOT NULL, 
	role VARCHAR NOT NULL, 
	CONSTRAINT pk_records PRIMARY KEY (id), 
	CONSTRAINT uq_records_image_id_grader_id_role UNIQUE (image_id, grader_id, role), 
	CONSTRAINT fk_records_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_records_grader_id_graders FOREIGN KEY(grader_id) REFERENCES graders (id)
);
INSERT INTO "records" VALUES(1,1,1,'assigned');
INSERT INTO "records" VALUES(2,2,1,'assigned');
INSERT INTO "records" VALUES(3,3,1,'extra');
CREATE TABLE revisions (
	id INTEGER NOT NULL, 
	record_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	entry INTEGER NOT NULL, 
	author VARCHAR NOT NULL, 
	time VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	origin VARCHAR NOT NULL, 
	visible BOOLEAN, 
	roi_count INTEGER, 
	note TEXT NOT NULL, 
	problem VARCHAR NOT NULL, 
	region BLOB NOT NULL, gesture VARCHAR, 
	CONSTRAINT pk_revisions PRIMARY KEY (id), 
	CONSTRAINT uq_revisions_record_id_number UNIQUE (record_id, number), 
	CONSTRAINT fk_revisions_record_id_records FOREIGN KEY(record_id) REFERENCES records (id), 
	CONSTRAINT fk_revisions_entry_audit FOREIGN KEY(entry) REFERENCES audit (number) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "revisions" VALUES(1,1,1,2,'lead','2026-01-01T00:00:03.000+00:00','8e7b4c6020be35482f9dab44c52932005a1b70d2c161e786c59b1a40a1e91488','done','imported',1,1,'','',X'010600000001000000010300000002000000040000009A9999999999B93F555555555555D53F00000000000022400000000000000000000000000000224000000000000022409A9999999999B93F555555555555D53F0400000000000000000014400000000000000040000000000000184000000000000000400000000000001840000000000000084000000000000014400000000000000040',NULL);
INSERT INTO "revisions" VALUES(2,1,2,2,'lead','2026-01-01T00:00:04.000+00:00','8a20fd3f2696ed72c155da7859239a30962ec831907d47a0154e7743c834d7d1','sent_back','imported',1,1,'look again','',X'010600000001000000010300000002000000040000009A9999999999B93F555555555555D53F00000000000022400000000000000000000000000000224000000000000022409A9999999999B93F555555555555D53F0400000000000000000014400000000000000040000000000000184000000000000000400000000000001840000000000000084000000000000014400000000000000040',NULL);
INSERT INTO "revisions" VALUES(3,1,3,2,'ada','2026-01-01T00:00:05.000+00:00','32fd5c2b2d386c6adf51030ec3a207c7a50b2d8e3e7c56df296a59961522f7db','done','drawn',0,NULL,'','',X'010600000000000000',NULL);
INSERT INTO "revisions" VALUES(4,2,1,2,'ada','2026-02-01T00:00:01.000+00:00','77f7312b1cfc6063c78682486b5b62468f56c6fa7c493d376a6a7950ab32486e','started','drawn',1,NULL,'','',X'010600000000000000','answer visible');
INSERT INTO "revisions" VALUES(5,3,1,6,'ada','2026-02-01T00:00:03.000+00:00','32fd5c2b2d386c6adf51030ec3a207c7a50b2d8e3e7c56df296a59961522f7db','done','drawn',0,NULL,'','',X'010600000000000000','done');
CREATE TABLE study (
	id VARCHAR NOT NULL, 
	created VARCHAR NOT NULL, 
	CONSTRAINT pk_study PRIMARY KEY (id)
);
INSERT INTO "study" VALUES('395e51fb4e254096904570fcdfdad0d9','2026-02-01T00:00:02.000+00:00');
CREATE TABLE tasks (
	id INTEGER NOT NULL, 
	record_id INTEGER NOT NULL, 
	entry INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	seed BIGINT, 
	CONSTRAINT pk_tasks PRIMARY KEY (id), 
	CONSTRAINT uq_tasks_record_id UNIQUE (record_id), 
	CONSTRAINT fk_tasks_record_id_records FOREIGN KEY(record_id) REFERENCES records (id), 
	CONSTRAINT fk_tasks_entry_audit FOREIGN KEY(entry) REFERENCES audit (number) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "tasks" VALUES(1,1,3,0,NULL);
INSERT INTO "tasks" VALUES(2,3,3,2,NULL);
INSERT INTO "tasks" VALUES(3,2,3,1,NULL);
CREATE INDEX ix_images_case_name_path ON images (case_name, path);
CREATE TRIGGER revisions_refuse_update BEFORE UPDATE ON revisions BEGIN SELECT RAISE(ABORT, 'revisions is append-only'); END;
CREATE TRIGGER revisions_refuse_delete BEFORE DELETE ON revisions BEGIN SELECT RAISE(ABORT, 'revisions is append-only'); END;
CREATE TRIGGER audit_refuse_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_refuse_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE INDEX ix_records_grader_id ON records (grader_id);
CREATE INDEX ix_adjudications_image_id ON adjudications (image_id);
CREATE INDEX ix_privacy_boxes_image_id ON privacy_boxes (image_id);
CREATE INDEX ix_body_parts_image_id ON body_parts (image_id);
CREATE TRIGGER tasks_refuse_update BEFORE UPDATE ON tasks BEGIN SELECT RAISE(ABORT, 'tasks is append-only'); END;
CREATE TRIGGER tasks_refuse_delete BEFORE DELETE ON tasks BEGIN SELECT RAISE(ABORT, 'tasks is append-only'); END;
CREATE TRIGGER adjudications_refuse_update BEFORE UPDATE ON adjudications BEGIN SELECT RAISE(ABORT, 'adjudications is append-only'); END;
CREATE TRIGGER adjudications_refuse_delete BEFORE DELETE ON adjudications BEGIN SELECT RAISE(ABORT, 'adjudications is append-only'); END;
CREATE TRIGGER privacy_boxes_refuse_update BEFORE UPDATE ON privacy_boxes BEGIN SELECT RAISE(ABORT, 'privacy_boxes is append-only'); END;
CREATE TRIGGER privacy_boxes_refuse_delete BEFORE DELETE ON privacy_boxes BEGIN SELECT RAISE(ABORT, 'privacy_boxes is append-only'); END;
CREATE TRIGGER body_parts_refuse_update BEFORE UPDATE ON body_parts BEGIN SELECT RAISE(ABORT, 'body_parts is append-only'); END;
CREATE TRIGGER body_parts_refuse_delete BEFORE DELETE ON body_parts BEGIN SELECT RAISE(ABORT, 'body_parts is append-only'); END;
CREATE TRIGGER options_refuse_update BEFORE UPDATE ON options BEGIN SELECT RAISE(ABORT, 'options is append-only'); END;
CREATE TRIGGER options_refuse_delete BEFORE DELETE ON options BEGIN SELECT RAISE(ABORT, 'options is append-only'); END;
CREATE INDEX ix_revisions_record_id_status_number_gesture ON revisions (record_id, status, number, gesture);
CREATE INDEX ix_tasks_entry ON tasks (entry);
CREATE INDEX ix_revisions_entry ON revisions (entry);
CREATE INDEX ix_adjudications_entry ON adjudications (entry);
CREATE INDEX ix_privacy_boxes_entry ON privacy_boxes (entry);
CREATE INDEX ix_body_parts_entry ON body_parts (entry);
CREATE INDEX ix_options_entry ON options (entry);
COMMIT;
