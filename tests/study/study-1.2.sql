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
INSERT INTO "activity" VALUES(1,3,'2026-02-01T00:00:00.000+00:00',4.5);
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
INSERT INTO "adjudications" VALUES(1,1,9,'lead','2026-01-01T00:00:09.000+00:00','grader','bo','clearer',X'010600000001000000010300000002000000040000009A9999999999B93F555555555555D53F00000000000022400000000000000000000000000000224000000000000022409A9999999999B93F555555555555D53F0400000000000000000014400000000000000040000000000000184000000000000000400000000000001840000000000000084000000000000014400000000000000040');
INSERT INTO "adjudications" VALUES(2,3,10,'lead','2026-01-01T00:00:10.000+00:00','majority','','why',X'010600000000000000');
INSERT INTO "adjudications" VALUES(3,3,11,'lead','2026-01-01T00:00:10.000+00:00',NULL,'','mistaken',X'010600000000000000');
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
INSERT INTO "audit" VALUES(1,'2026-01-01T00:00:00.000+00:00','lead','create','{"items": 1, "content": "a2265005611fd579fea13f58bc365f7421de421f25a73a3eeba780e3722e673b"}','0000000000000000000000000000000000000000000000000000000000000000','fd9b3a186572fe02f014a0584fe36cf9046b4ef258be128006e8004e575f91a5');
INSERT INTO "audit" VALUES(2,'2026-01-01T00:00:01.000+00:00','lead','add_images','{"items": 3, "content": "eca2cf3acd710de841b97e8acf410be975087279d1b8cb261b0fccb60e19a953"}','fd9b3a186572fe02f014a0584fe36cf9046b4ef258be128006e8004e575f91a5','c0f0ccccc154b087fc4af688d9dc16e6b87ac89ed6ae279ae7d69a9bbec2b020');
INSERT INTO "audit" VALUES(3,'2026-01-01T00:00:02.000+00:00','lead','assign_tasks','{"items": 3, "content": "88b6c83a26a869ed10a65a90e43cbcbb3a93d7fbf34a94f51e9ce83741001339"}','c0f0ccccc154b087fc4af688d9dc16e6b87ac89ed6ae279ae7d69a9bbec2b020','f253a6a3de399a1fd5f0072a338fe2c141593f7ddb4d19de4f8c9c1693893d42');
INSERT INTO "audit" VALUES(4,'2026-01-01T00:00:03.000+00:00','importer','record_gradings','{"items": 3, "content": "238b40a8cad0ce5f8c688753b58f9d569abe9a4f8ceea336884241bffe7bc2ad"}','f253a6a3de399a1fd5f0072a338fe2c141593f7ddb4d19de4f8c9c1693893d42','2d4131129681cb833fea4671993e5c3e7efcbad5b5402f0cae8873d29f8ea519');
INSERT INTO "audit" VALUES(5,'2026-01-01T00:00:04.000+00:00','lead','append','{"items": 1, "content": "cab9f56152cd14e1f2ddaaaf2d3f600bba1d20c62d9b81151b0910bf60d22c97"}','2d4131129681cb833fea4671993e5c3e7efcbad5b5402f0cae8873d29f8ea519','b9f36e9cabb9f8481262a50dacb7bbf94e4a95d64d9a2571ef473d8806a20ba5');
INSERT INTO "audit" VALUES(6,'2026-01-01T00:00:05.000+00:00','ada','append','{"items": 1, "content": "98a0d6d5083c5ee4470ee1261d54e69b36e0694d8dce92d608f48f769a82c8a0"}','b9f36e9cabb9f8481262a50dacb7bbf94e4a95d64d9a2571ef473d8806a20ba5','cd69c90776747f2679ad1dc97bbf5cb458bc11836c12dca659a3cb4a067912df');
INSERT INTO "audit" VALUES(7,'2026-01-01T00:00:06.000+00:00','lead','append','{"items": 1, "content": "faf689850fc2b27beaf1fcbcb2bfc90d378c3522257274e336f8d908fdca2b7d"}','cd69c90776747f2679ad1dc97bbf5cb458bc11836c12dca659a3cb4a067912df','60c24f37c835ce6fc78f4a084d2053a5891e24ba7c9565a6cb91e02eb0d63197');
INSERT INTO "audit" VALUES(8,'2026-01-01T00:00:07.000+00:00','lead','assign','{"items": 1, "content": "d4c6f61191992791f64d518a8a7940f60b6a72a306efadfea906c36b4bdfed36"}','60c24f37c835ce6fc78f4a084d2053a5891e24ba7c9565a6cb91e02eb0d63197','303a6f10a21516e3ca3b4e00ed47e0e41f84eeca06169e5b702b065cb879e0fe');
INSERT INTO "audit" VALUES(9,'2026-01-01T00:00:08.000+00:00','lead','adjudicate','{"items": 1, "content": "459daeb06ffedcae724614baabd5753f85cfcea97feb3a05fcbf22ac345993fc"}','303a6f10a21516e3ca3b4e00ed47e0e41f84eeca06169e5b702b065cb879e0fe','c3dc6573b5f74dffbaa639d4c72bab50950831b47b2e58adb01d8c4041d01c68');
INSERT INTO "audit" VALUES(10,'2026-01-01T00:00:09.000+00:00','lead','adjudicate','{"items": 1, "content": "e583c7dc072d600625512c3c5fc13a8f7c825d2358e286a988e98e3e754a667e"}','c3dc6573b5f74dffbaa639d4c72bab50950831b47b2e58adb01d8c4041d01c68','de2a171c23125b39bfd9496224784acd99762de3f7f3142b4a9801829a8ada79');
INSERT INTO "audit" VALUES(11,'2026-01-01T00:00:10.000+00:00','lead','withdraw_adjudication','{"items": 1, "content": "c43a6c648a42df6bf3514a8c8b6fbab64c494e50eb7c824018e7526ac7667d4f"}','de2a171c23125b39bfd9496224784acd99762de3f7f3142b4a9801829a8ada79','92109295e7fe7bf1e27a02e61d76ec6d79339c9eef2d0c34a975555f3cae461e');
INSERT INTO "audit" VALUES(12,'2026-01-01T00:00:11.000+00:00','lead','set_privacy_boxes','{"items": 1, "content": "8eaaad7f7dd4b88c7a2a0c3f1c7bb8daf6e592181de45c64ef0098e96063e5ea"}','92109295e7fe7bf1e27a02e61d76ec6d79339c9eef2d0c34a975555f3cae461e','eb6aa3aa0f7ba2904dc063a6f20528dca3c4afe0d8dbd6d632b9397770b6c1ae');
INSERT INTO "audit" VALUES(13,'2026-01-01T00:00:12.000+00:00','lead','label_body_parts','{"items": 2, "content": "f7a54da5b029a32d1e86c7a1712acf7afccbff0ebae0616cddbe3fbe3a2e0e5e"}','eb6aa3aa0f7ba2904dc063a6f20528dca3c4afe0d8dbd6d632b9397770b6c1ae','5caf074d9b23679be56d72cb0e3320fe7d194b89387f2e2cf992bc818f543e41');
INSERT INTO "audit" VALUES(14,'2026-01-01T00:00:13.000+00:00','lead','record_predictions','{"items": 1, "content": "312a045e1258792c5646cfa5dc77d07ff1672182545c3156fce79d6c9b163b8c"}','5caf074d9b23679be56d72cb0e3320fe7d194b89387f2e2cf992bc818f543e41','3da7a9c571ced977849d9ed467467384326dd372c9c14a66be0ab8d69921b113');
INSERT INTO "audit" VALUES(15,'2026-02-01T00:00:00.000+00:00','lead','set_options','{"items": 1, "content": "6743851afdf02d58358f3b0df79c691e2d5dbaf97d16aa7f508def379e8e6f6a"}','3da7a9c571ced977849d9ed467467384326dd372c9c14a66be0ab8d69921b113','c941867cbbea401fea0bf381b4a197d965adb70222fbe75892e41fe5b6d3e843');
INSERT INTO "audit" VALUES(16,'2026-02-01T00:00:01.000+00:00','ada','append','{"items": 1, "content": "98c0997332172abc76a0954695a3d9ffd90963df64f174333686d3696c0c0d2c"}','c941867cbbea401fea0bf381b4a197d965adb70222fbe75892e41fe5b6d3e843','ed59e9c79c4941ab155a3c4ce170660d80b12795e12f86737b67747d0193c155');
CREATE TABLE body_parts (
	id INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	entry INTEGER NOT NULL, 
	parts JSON NOT NULL, 
	CONSTRAINT pk_body_parts PRIMARY KEY (id), 
	CONSTRAINT fk_body_parts_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_body_parts_entry_audit FOREIGN KEY(entry) REFERENCES audit (number) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "body_parts" VALUES(1,1,13,'["lips"]');
INSERT INTO "body_parts" VALUES(2,3,13,'[]');
CREATE TABLE class_lists (
	id INTEGER NOT NULL, 
	digest VARCHAR NOT NULL, 
	names JSON NOT NULL, 
	CONSTRAINT pk_class_lists PRIMARY KEY (id), 
	CONSTRAINT uq_class_lists_digest UNIQUE (digest)
);
INSERT INTO "class_lists" VALUES(1,'01f650e85c95620160b40ed22626dca932e9f700ffe599be060da184dd4d7822','["x", "y"]');
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
INSERT INTO "drafts" VALUES(1,3,'region',1,X'000000000000000000000000000000000000000000000040000000000000000000000000000000400000000000000440');
CREATE TABLE graders (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	CONSTRAINT pk_graders PRIMARY KEY (id), 
	CONSTRAINT uq_graders_name UNIQUE (name)
);
INSERT INTO "graders" VALUES(1,'ada');
INSERT INTO "graders" VALUES(2,'bo');
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
INSERT INTO "images" VALUES(1,'a.png','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',40,30,'c1','acne','{"sex": "f"}');
INSERT INTO "images" VALUES(2,'b/é.png',NULL,20,20,'c1',NULL,'{}');
INSERT INTO "images" VALUES(3,'c.png',NULL,9,9,'c.png',NULL,'{}');
CREATE TABLE options (
	id INTEGER NOT NULL, 
	entry INTEGER NOT NULL, 
	content JSON NOT NULL, 
	CONSTRAINT pk_options PRIMARY KEY (id), 
	CONSTRAINT fk_options_entry_audit FOREIGN KEY(entry) REFERENCES audit (number) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "options" VALUES(1,15,'{"instructions": "# Outline", "masks_names": true, "leads": ["lead"]}');
CREATE TABLE packet (
	id INTEGER NOT NULL, 
	study_id VARCHAR NOT NULL, 
	grader VARCHAR NOT NULL, 
	made VARCHAR NOT NULL, 
	CONSTRAINT pk_packet PRIMARY KEY (id)
);
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
CREATE TABLE pictures (
	id INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	content BLOB NOT NULL, 
	CONSTRAINT pk_pictures PRIMARY KEY (id), 
	CONSTRAINT uq_pictures_image_id UNIQUE (image_id), 
	CONSTRAINT fk_pictures_image_id_images FOREIGN KEY(image_id) REFERENCES images (id)
);
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
INSERT INTO "predictions" VALUES(1,'m',1,1,0,X'333333333333D33F666666666666E63F');
CREATE TABLE privacy_boxes (
	id INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	entry INTEGER NOT NULL, 
	boxes JSON NOT NULL, 
	CONSTRAINT pk_privacy_boxes PRIMARY KEY (id), 
	CONSTRAINT fk_privacy_boxes_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_privacy_boxes_entry_audit FOREIGN KEY(entry) REFERENCES audit (number) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "privacy_boxes" VALUES(1,1,12,'[[0.0, 0.0, 5.0, 5.5]]');
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
INSERT INTO "records" VALUES(2,1,2,'assigned');
INSERT INTO "records" VALUES(3,3,1,'assigned');
INSERT INTO "records" VALUES(4,2,2,'assigned');
INSERT INTO "records" VALUES(5,2,1,'extra');
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
INSERT INTO "revisions" VALUES(1,1,1,4,'importer','2026-01-01T00:00:03.000+00:00','8e7b4c6020be35482f9dab44c52932005a1b70d2c161e786c59b1a40a1e91488','done','imported',1,1,'','',X'010600000001000000010300000002000000040000009A9999999999B93F555555555555D53F00000000000022400000000000000000000000000000224000000000000022409A9999999999B93F555555555555D53F0400000000000000000014400000000000000040000000000000184000000000000000400000000000001840000000000000084000000000000014400000000000000040',NULL);
INSERT INTO "revisions" VALUES(2,2,1,4,'importer','2026-01-01T00:00:03.000+00:00','8e7b4c6020be35482f9dab44c52932005a1b70d2c161e786c59b1a40a1e91488','done','imported',1,1,'','',X'010600000001000000010300000002000000040000009A9999999999B93F555555555555D53F00000000000022400000000000000000000000000000224000000000000022409A9999999999B93F555555555555D53F0400000000000000000014400000000000000040000000000000184000000000000000400000000000001840000000000000084000000000000014400000000000000040',NULL);
INSERT INTO "revisions" VALUES(3,4,1,4,'importer','2026-01-01T00:00:03.000+00:00','f63c762d55a4ab114922fc123693f0dcf392c4485dcbd06872b1ad76e77b6920','done','drawn',NULL,NULL,'hair; 2nd','',X'010600000000000000',NULL);
INSERT INTO "revisions" VALUES(4,1,2,5,'lead','2026-01-01T00:00:04.000+00:00','8a20fd3f2696ed72c155da7859239a30962ec831907d47a0154e7743c834d7d1','sent_back','imported',1,1,'look again','',X'010600000001000000010300000002000000040000009A9999999999B93F555555555555D53F00000000000022400000000000000000000000000000224000000000000022409A9999999999B93F555555555555D53F0400000000000000000014400000000000000040000000000000184000000000000000400000000000001840000000000000084000000000000014400000000000000040',NULL);
INSERT INTO "revisions" VALUES(5,1,3,6,'ada','2026-01-01T00:00:05.000+00:00','32fd5c2b2d386c6adf51030ec3a207c7a50b2d8e3e7c56df296a59961522f7db','done','drawn',0,NULL,'','',X'010600000000000000',NULL);
INSERT INTO "revisions" VALUES(6,2,2,7,'lead','2026-01-01T00:00:06.000+00:00','8f59f0626c7705f1e7bbd4301bd6cd8f6b510f88df09867798c67bc5fb4f0e66','sent_back','imported',1,1,'the border','',X'010600000001000000010300000002000000040000009A9999999999B93F555555555555D53F00000000000022400000000000000000000000000000224000000000000022409A9999999999B93F555555555555D53F0400000000000000000014400000000000000040000000000000184000000000000000400000000000001840000000000000084000000000000014400000000000000040',NULL);
INSERT INTO "revisions" VALUES(7,3,1,16,'ada','2026-02-01T00:00:01.000+00:00','77f7312b1cfc6063c78682486b5b62468f56c6fa7c493d376a6a7950ab32486e','started','drawn',1,NULL,'','',X'010600000000000000','answer visible');
CREATE TABLE study (
	id VARCHAR NOT NULL, 
	created VARCHAR NOT NULL, 
	CONSTRAINT pk_study PRIMARY KEY (id)
);
INSERT INTO "study" VALUES('11111111111111111111111111111111','2026-01-01T00:00:00.000+00:00');
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
INSERT INTO "tasks" VALUES(1,1,3,0,7);
INSERT INTO "tasks" VALUES(2,2,3,0,7);
INSERT INTO "tasks" VALUES(3,3,3,1,7);
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
