CREATE TRIGGER page_stale_print AFTER DELETE ON page BEGIN
  UPDATE version_print SET revision = 0 WHERE version_id = old.version_id AND revision <> 0;
END
