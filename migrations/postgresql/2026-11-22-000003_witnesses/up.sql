-- What witnesses cosigned: the checkpoints that were shown to them, and the line of each witness under each.
-- Rows are only ever added; the note and the lines are text as C2SP signed notes write it.
CREATE TABLE audit_checkpoint (
    size BIGINT NOT NULL PRIMARY KEY,
    note TEXT NOT NULL
);

CREATE TABLE audit_cosig (
    size BIGINT NOT NULL REFERENCES audit_checkpoint (size),
    witness TEXT NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (size, witness)
);
