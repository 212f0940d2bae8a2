-- An entry whose person was erased keeps its leaf and the rest of its fields; its person's part is emptied, and this names
-- the entry that recorded the erasure.
ALTER TABLE audit_private ADD COLUMN erased_by BYTEA;

-- An erasure finds the match tokens of a record from the record.
CREATE INDEX match_token_of_record ON match_token (record);
