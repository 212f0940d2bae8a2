-- Slots that teams offer for assessments, for whoever books in custody, at any hour and from any area. They are about nobody: by
-- whom one is taken stands in the assessment alone, encrypted.
CREATE TABLE slot (
    id BLOB NOT NULL PRIMARY KEY,
    agency TEXT NOT NULL,
    kind TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    place TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('free', 'taken', 'withdrawn')),
    created_us BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX slot_free ON slot (at_us, id) WHERE state = 'free';
