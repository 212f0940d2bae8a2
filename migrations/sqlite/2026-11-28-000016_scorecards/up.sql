-- The counts of a quarter, as an agency handed them in: once, encrypted, about nobody, and never changed. What the area reads is made
-- of these and of nothing that moves.
CREATE TABLE scorecard (
    agency TEXT NOT NULL,
    quarter TEXT NOT NULL,
    area TEXT NOT NULL,
    entry_id BLOB NOT NULL,
    envelope BLOB NOT NULL,
    PRIMARY KEY (agency, quarter)
);
CREATE INDEX scorecard_of_area ON scorecard (area, quarter, agency);
