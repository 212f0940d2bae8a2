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
    record BLOB NOT NULL REFERENCES record (id),
    entry_id BLOB NOT NULL,
    PRIMARY KEY (low, high, version)
);
CREATE INDEX match_pair_of_high ON match_pair (high, low);
CREATE INDEX match_pair_of_record ON match_pair (record);
