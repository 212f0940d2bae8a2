-- What an agency is told has changed: the type of the change and the path of a resource of its own, and nothing about a person.
-- `place` is the position of the entry that recorded the change and `ordinal` its number among the events of that entry, so the
-- order of an agency's events is the order in which they were committed, whichever gateway wrote them. Appended, and swept when
-- old: whoever was away longer looks through its tasks.
CREATE TABLE event (
    cursor BLOB NOT NULL PRIMARY KEY,
    agency TEXT NOT NULL,
    place BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- The last handle of the path; sixteen zeros where it has none. An erasure of what it leads to takes the event along.
    handle BLOB NOT NULL,
    created_us BIGINT NOT NULL
);
CREATE UNIQUE INDEX event_of_agency ON event (agency, place, ordinal);
CREATE INDEX event_of_handle ON event (handle);
CREATE INDEX event_age ON event (created_us);

-- What a duty role of an agency should do by a time. Updated in place, like epoch and replay_guard: it decides nothing, and
-- every change of it goes along with an entry of the log. `id` is the agency's own handle. `worker` is the keyed token of the one
-- worker who holds it, empty while the duty role does. `level` is 0, 1 once the deputy was told, 2 once the team manager was.
CREATE TABLE task (
    id BLOB NOT NULL PRIMARY KEY,
    agency TEXT NOT NULL,
    duty TEXT NOT NULL,
    worker BLOB NOT NULL,
    kind TEXT NOT NULL,
    record BLOB NOT NULL,
    person BLOB NOT NULL,
    subject TEXT NOT NULL,
    remind_us BIGINT NOT NULL,
    due_us BIGINT NOT NULL,
    level BIGINT NOT NULL,
    state TEXT NOT NULL,
    created_us BIGINT NOT NULL
);
-- One open task an agency, kind and record: what is asked a second time waits in the first.
CREATE UNIQUE INDEX task_open ON task (agency, kind, record) WHERE state = 'open';
-- The lists: the agency's, a duty role's or a worker's, and what was escalated.
CREATE INDEX task_of_agency ON task (agency, due_us, id) WHERE state = 'open';
CREATE INDEX task_of_holder ON task (agency, duty, worker, due_us, id) WHERE state = 'open';
CREATE INDEX task_escalated ON task (agency, due_us, id) WHERE state = 'open' AND level = 2;
-- The sweep.
CREATE INDEX task_to_remind ON task (remind_us, id) WHERE state = 'open' AND level = 0;
CREATE INDEX task_to_escalate ON task (due_us, id) WHERE state = 'open' AND level = 1;
-- An erasure.
CREATE INDEX task_of_person ON task (person, agency);
CREATE INDEX task_of_record ON task (record);
