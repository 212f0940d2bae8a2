-- The foundation: the log, the keys, the directory, people, their records, and the guards against replay.
-- Append-only but for: audit_head, epoch, data_key (re-wrapping, erasure), setting, replay_guard (expiry).
-- The same tables and columns stand in the other store's migration of this name; a test compares them.

CREATE TABLE audit_head (
    log TEXT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    frontier BLOB NOT NULL,
    root BLOB NOT NULL
);

CREATE TABLE audit_leaf (
    idx BIGINT NOT NULL PRIMARY KEY,
    entry_id BLOB NOT NULL UNIQUE,
    leaf_hash BLOB NOT NULL,
    leaf BLOB NOT NULL
);

CREATE TABLE audit_tile (
    level BIGINT NOT NULL,
    n BIGINT NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, n)
);

CREATE TABLE audit_private (
    idx BIGINT NOT NULL PRIMARY KEY,
    person_key BLOB NOT NULL,
    person_part BLOB NOT NULL,
    rest_key BLOB NOT NULL,
    rest_part BLOB NOT NULL
);

CREATE TABLE audit_index (
    token BLOB NOT NULL,
    idx BIGINT NOT NULL,
    PRIMARY KEY (token, idx)
) WITHOUT ROWID;

CREATE TABLE data_key (
    id BLOB NOT NULL PRIMARY KEY,
    owner BLOB NOT NULL,
    custodian TEXT NOT NULL,
    kek TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    UNIQUE (owner, custodian)
);

CREATE TABLE agency_version (
    agency TEXT NOT NULL,
    version BIGINT NOT NULL,
    entry_id BLOB NOT NULL,
    envelope BLOB NOT NULL,
    PRIMARY KEY (agency, version)
);

CREATE TABLE person (
    id BLOB NOT NULL PRIMARY KEY,
    created_us BIGINT NOT NULL
);

CREATE TABLE match_token (
    token BLOB NOT NULL,
    record BLOB NOT NULL,
    person BLOB NOT NULL,
    PRIMARY KEY (token, record)
) WITHOUT ROWID;

CREATE TABLE record (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    person BLOB NOT NULL REFERENCES person (id),
    custodian TEXT NOT NULL,
    created_us BIGINT NOT NULL
);
CREATE INDEX record_of_person ON record (person, kind);

CREATE TABLE record_part (
    record BLOB NOT NULL REFERENCES record (id),
    version BIGINT NOT NULL,
    part TEXT NOT NULL,
    entry_id BLOB NOT NULL,
    recorded_us BIGINT NOT NULL,
    data_key BLOB NOT NULL REFERENCES data_key (id),
    envelope BLOB NOT NULL,
    PRIMARY KEY (record, version, part)
);

CREATE TABLE handle (
    handle BLOB NOT NULL PRIMARY KEY,
    agency TEXT NOT NULL,
    kind TEXT NOT NULL,
    target BLOB NOT NULL,
    person BLOB NOT NULL REFERENCES person (id),
    created_us BIGINT NOT NULL,
    UNIQUE (agency, kind, target)
);
CREATE INDEX handle_of_agency ON handle (agency, kind, created_us);
CREATE INDEX handle_of_person ON handle (person, kind, agency);

CREATE TABLE epoch (
    scope BLOB NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE replay_guard (
    guard BLOB NOT NULL PRIMARY KEY,
    expires_us BIGINT NOT NULL,
    request BLOB NOT NULL,
    status BIGINT NOT NULL,
    location TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX replay_guard_expiry ON replay_guard (expires_us);

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    entry_id BLOB NOT NULL
);
