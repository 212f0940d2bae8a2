-- Which persons are one: the latest version of a person counts, persons of one cluster are one, and whoever has no row is a
-- cluster alone. Rows are only ever added, so that who was whom and when is kept; they go with a person that is kept for nobody.
CREATE TABLE person_identity (
    person BLOB NOT NULL REFERENCES person (id),
    version BIGINT NOT NULL,
    cluster BLOB NOT NULL,
    entry_id BLOB NOT NULL,
    PRIMARY KEY (person, version)
);
CREATE INDEX person_identity_of_cluster ON person_identity (cluster, person);

-- Two persons who may be one: the latest version of a pair counts. `low` is the lesser id of the two.
CREATE TABLE match_pair (
    low BLOB NOT NULL REFERENCES person (id),
    high BLOB NOT NULL REFERENCES person (id),
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    facts BLOB NOT NULL,
    record BLOB NOT NULL,
    entry_id BLOB NOT NULL,
    PRIMARY KEY (low, high, version)
);
CREATE INDEX match_pair_of_high ON match_pair (high, low);
CREATE INDEX match_pair_of_record ON match_pair (record);

-- The matching index: under which keyed tokens a client record is found. A token is sixty bits of an HMAC under the key of its
-- generation, which stands above them; of forty million rows each byte counts.
DROP TABLE match_token;
CREATE TABLE match_token (
    token BIGINT NOT NULL,
    record BLOB NOT NULL,
    person BLOB NOT NULL,
    PRIMARY KEY (token, record)
) WITHOUT ROWID;
CREATE INDEX match_token_of_record ON match_token (record);

-- How usual a value is, by its keyed token, on a scale that is exact for the rare and coarse for the usual.
CREATE TABLE match_frequency (
    term BIGINT NOT NULL PRIMARY KEY,
    level BIGINT NOT NULL
);

-- Presentations of one person meet at a slot of a fixed number of them from here on, and no longer at a counter of their own.
DELETE FROM epoch WHERE length(scope) = 17 AND substr(scope, 1, 1) = x'74';

-- An index with people and without tokens is filled before anybody is presented: `throughgate migrate` does it.
INSERT INTO setting (name, value, entry_id)
SELECT 'match-index', '0>0', x'00' WHERE EXISTS (SELECT 1 FROM record WHERE kind = 'client');
