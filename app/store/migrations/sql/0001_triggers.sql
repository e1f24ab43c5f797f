CREATE TRIGGER usage_event_no_update BEFORE UPDATE ON usage_event BEGIN SELECT RAISE(ABORT, 'usage_event is append-only'); END
--
CREATE TRIGGER usage_event_no_delete BEFORE DELETE ON usage_event BEGIN SELECT RAISE(ABORT, 'usage_event is append-only'); END
--
CREATE TRIGGER search_event_no_update BEFORE UPDATE ON search_event BEGIN SELECT RAISE(ABORT, 'search_event is append-only'); END
--
CREATE TRIGGER search_event_no_delete BEFORE DELETE ON search_event BEGIN SELECT RAISE(ABORT, 'search_event is append-only'); END
--
CREATE TRIGGER request_status_no_update BEFORE UPDATE ON request_status BEGIN SELECT RAISE(ABORT, 'request_status is append-only'); END
--
CREATE TRIGGER request_status_no_delete BEFORE DELETE ON request_status BEGIN SELECT RAISE(ABORT, 'request_status is append-only'); END
--
CREATE TRIGGER change_no_update BEFORE UPDATE ON change BEGIN SELECT RAISE(ABORT, 'change is append-only'); END
--
CREATE TRIGGER change_no_delete BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'change is append-only'); END
--
CREATE TRIGGER usage_event_roll AFTER INSERT ON usage_event BEGIN
  INSERT INTO usage_day (day, asset_id, n_view, n_use, n_send)
  VALUES (new.at / 86400000, new.asset_id, new.kind = 'view',
          new.kind IN ('open', 'send', 'share', 'copy'), new.kind IN ('send', 'share'))
  ON CONFLICT (day, asset_id) DO UPDATE SET n_view = n_view + excluded.n_view,
    n_use = n_use + excluded.n_use, n_send = n_send + excluded.n_send;
END
--
CREATE TRIGGER asset_feed_insert AFTER INSERT ON asset BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('asset', new.id, 'i', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER asset_feed_update AFTER UPDATE ON asset BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('asset', new.id, 'u', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER asset_feed_delete AFTER DELETE ON asset BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('asset', old.id, 'd', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER asset_file_feed_insert AFTER INSERT ON asset_file BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('file', new.asset_id, 'i', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER asset_file_feed_update AFTER UPDATE ON asset_file BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('file', new.asset_id, 'u', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER asset_file_feed_delete AFTER DELETE ON asset_file BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('file', old.asset_id, 'd', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER asset_tag_feed_insert AFTER INSERT ON asset_tag BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('tag', new.asset_id, 'i', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER asset_tag_feed_update AFTER UPDATE ON asset_tag BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('tag', new.asset_id, 'u', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER asset_tag_feed_delete AFTER DELETE ON asset_tag BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('tag', old.asset_id, 'd', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER request_feed_insert AFTER INSERT ON request BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('request', new.id, 'i', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER request_feed_update AFTER UPDATE ON request BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('request', new.id, 'u', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER request_feed_delete AFTER DELETE ON request BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('request', old.id, 'd', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER library_root_feed_insert AFTER INSERT ON library_root BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('root', new.id, 'i', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER library_root_feed_update AFTER UPDATE ON library_root BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('root', new.id, 'u', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER library_root_feed_delete AFTER DELETE ON library_root BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('root', old.id, 'd', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER term_feed_insert AFTER INSERT ON term BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('term', new.id, 'i', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER term_feed_update AFTER UPDATE ON term BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('term', new.id, 'u', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER term_feed_delete AFTER DELETE ON term BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('term', old.id, 'd', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER person_feed_insert AFTER INSERT ON person BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('person', new.id, 'i', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER person_feed_update AFTER UPDATE ON person BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('person', new.id, 'u', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
--
CREATE TRIGGER person_feed_delete AFTER DELETE ON person BEGIN INSERT INTO change (entity, entity_id, op, at) VALUES ('person', old.id, 'd', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END
