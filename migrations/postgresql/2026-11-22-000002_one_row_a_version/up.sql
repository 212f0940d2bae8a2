-- A version of a record is read as a whole, so it is one row: the names of its parts, and their envelopes in that order,
-- each after its length (four bytes, big-endian). What the envelopes are bound to stays as it was.

CREATE TABLE record_version (
    record BYTEA NOT NULL REFERENCES record (id),
    version BIGINT NOT NULL,
    entry_id BYTEA NOT NULL,
    recorded_us BIGINT NOT NULL,
    data_key BYTEA NOT NULL REFERENCES data_key (id),
    parts TEXT NOT NULL,
    envelopes BYTEA NOT NULL,
    PRIMARY KEY (record, version)
);
-- Ciphertext does not compress.
ALTER TABLE record_version ALTER COLUMN envelopes SET STORAGE EXTERNAL;

INSERT INTO record_version (record, version, entry_id, recorded_us, data_key, parts, envelopes)
SELECT record, version, entry_id, recorded_us, data_key,
    string_agg(part, ' ' ORDER BY part COLLATE "C"),
    string_agg(int4send(octet_length(envelope)) || envelope, ''::bytea ORDER BY part COLLATE "C")
FROM record_part GROUP BY record, version, entry_id, recorded_us, data_key;

DROP TABLE record_part;
