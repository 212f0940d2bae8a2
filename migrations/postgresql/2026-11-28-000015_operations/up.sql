-- Days on which police expect that many will need a service at once, a row for each service that is told. They are about nobody.
CREATE TABLE operations_day (
    id BYTEA NOT NULL PRIMARY KEY,
    agency TEXT NOT NULL,
    service TEXT NOT NULL,
    day TEXT NOT NULL,
    expected BIGINT NOT NULL,
    created_us BIGINT NOT NULL
);
CREATE INDEX operations_day_of_service ON operations_day (service, day);
