-- History is evidence: migrations are append-only and are not undone.
SELECT 1;
