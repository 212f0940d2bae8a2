-- What went up to the manager was due before now, and stands among the first of the agency's list. An index of its own cost every task
-- that goes up one entry more.
DROP INDEX task_escalated;
