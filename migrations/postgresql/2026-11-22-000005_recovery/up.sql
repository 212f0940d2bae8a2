-- After a recovery a database holds several logs, one after the other. Each has a number, by which its entries, tiles and
-- checkpoints are told from those of the others (`src/store/log_number.rs`), and its name. The row 'disclosures' is that of the
-- log that is written to; a log that was closed has its name there.
ALTER TABLE audit_head ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
-- Empty until the first gateway after this migration says which log it is.
ALTER TABLE audit_head ADD COLUMN origin TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX audit_head_of_origin ON audit_head (origin);

-- What the first entry of a log that came after another one commits to: how it came about.
CREATE TABLE audit_recovery (
    number BIGINT NOT NULL PRIMARY KEY,
    statement TEXT NOT NULL
);
