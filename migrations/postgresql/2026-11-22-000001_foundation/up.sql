-- The foundation: the log, the keys, the directory, people, their records, and the guards against replay.
-- Append-only but for: audit_head, epoch, data_key (re-wrapping, erasure), setting, replay_guard (expiry).
-- The same tables and columns stand in the other store's migration of this name; a test compares them.

CREATE TABLE audit_head (
    log TEXT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    frontier BYTEA NOT NULL,
    root BYTEA NOT NULL
);

CREATE TABLE audit_leaf (
    idx BIGINT NOT NULL PRIMARY KEY,
    entry_id BYTEA NOT NULL UNIQUE,
    leaf_hash BYTEA NOT NULL,
    leaf BYTEA NOT NULL
);

CREATE TABLE audit_tile (
    level BIGINT NOT NULL,
    n BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (level, n)
);

CREATE TABLE audit_private (
    idx BIGINT NOT NULL PRIMARY KEY,
    person_key BYTEA NOT NULL,
    person_part BYTEA NOT NULL,
    rest_key BYTEA NOT NULL,
    rest_part BYTEA NOT NULL
);

CREATE TABLE audit_index (
    token BYTEA NOT NULL,
    idx BIGINT NOT NULL,
    PRIMARY KEY (token, idx)
);

CREATE TABLE data_key (
    id BYTEA NOT NULL PRIMARY KEY,
    owner BYTEA NOT NULL,
    custodian TEXT NOT NULL,
    kek TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    UNIQUE (owner, custodian)
);

CREATE TABLE agency_version (
    agency TEXT NOT NULL,
    version BIGINT NOT NULL,
    entry_id BYTEA NOT NULL,
    envelope BYTEA NOT NULL,
    PRIMARY KEY (agency, version)
);

CREATE TABLE person (
    id BYTEA NOT NULL PRIMARY KEY,
    created_us BIGINT NOT NULL
);

CREATE TABLE match_token (
    token BYTEA NOT NULL,
    record BYTEA NOT NULL,
    person BYTEA NOT NULL,
    PRIMARY KEY (token, record)
);

CREATE TABLE record (
    id BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    person BYTEA NOT NULL REFERENCES person (id),
    custodian TEXT NOT NULL,
    created_us BIGINT NOT NULL
);
CREATE INDEX record_of_person ON record (person, kind);

CREATE TABLE record_part (
    record BYTEA NOT NULL REFERENCES record (id),
    version BIGINT NOT NULL,
    part TEXT NOT NULL,
    entry_id BYTEA NOT NULL,
    recorded_us BIGINT NOT NULL,
    data_key BYTEA NOT NULL REFERENCES data_key (id),
    envelope BYTEA NOT NULL,
    PRIMARY KEY (record, version, part)
);

CREATE TABLE handle (
    handle BYTEA NOT NULL PRIMARY KEY,
    agency TEXT NOT NULL,
    kind TEXT NOT NULL,
    target BYTEA NOT NULL,
    person BYTEA NOT NULL REFERENCES person (id),
    created_us BIGINT NOT NULL,
    UNIQUE (agency, kind, target)
);
CREATE INDEX handle_of_agency ON handle (agency, kind, created_us);
CREATE INDEX handle_of_person ON handle (person, kind, agency);

CREATE TABLE epoch (
    scope BYTEA NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE replay_guard (
    guard BYTEA NOT NULL PRIMARY KEY,
    expires_us BIGINT NOT NULL,
    request BYTEA NOT NULL,
    status BIGINT NOT NULL,
    location TEXT NOT NULL
);
CREATE INDEX replay_guard_expiry ON replay_guard (expires_us);

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    entry_id BYTEA NOT NULL
);
