-- A version of a record is read as a whole, so it is one row: the names of its parts, and their envelopes in that order,
-- each after its length (four bytes, big-endian). What the envelopes are bound to stays as it was.

CREATE TABLE record_version (
    record BLOB NOT NULL REFERENCES record (id),
    version BIGINT NOT NULL,
    entry_id BLOB NOT NULL,
    recorded_us BIGINT NOT NULL,
    data_key BLOB NOT NULL REFERENCES data_key (id),
    parts TEXT NOT NULL,
    envelopes BLOB NOT NULL,
    PRIMARY KEY (record, version)
);

-- Joined as text, which keeps every byte, and made bytes again.
INSERT INTO record_version (record, version, entry_id, recorded_us, data_key, parts, envelopes)
SELECT record, version, entry_id, recorded_us, data_key,
    group_concat(part, ' ' ORDER BY part),
    CAST(group_concat(unhex(printf('%08X', length(envelope))) || envelope, '' ORDER BY part) AS BLOB)
FROM record_part GROUP BY record, version, entry_id, recorded_us, data_key;

DROP TABLE record_part;
