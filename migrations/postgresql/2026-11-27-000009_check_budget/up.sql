-- What was spent of a budget that is bounded by the day, such as a worker's caseload checks. The scope is a keyed token of whose
-- budget it is and for which day; rows go with the sweep once their day is over.
CREATE TABLE budget (
    scope BYTEA NOT NULL PRIMARY KEY,
    spent BIGINT NOT NULL,
    expires_us BIGINT NOT NULL
);
CREATE INDEX budget_expiry ON budget (expires_us);
