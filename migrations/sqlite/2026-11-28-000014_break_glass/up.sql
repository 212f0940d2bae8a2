-- What the sweep looks for every second: broken glass whose hour is over, and broken glass that nobody has reviewed.
CREATE INDEX task_to_close ON task (due_us, id) WHERE state = 'open' AND kind = 'end-break-glass';
CREATE INDEX task_unreviewed ON task (created_us, id) WHERE state = 'open' AND kind = 'review-break-glass';
