-- Who is one, and who may be, decides what is disclosed to whom: each row carries a keyed token of all that it says, so that one that was
-- written or altered by anybody but a gateway is told.
ALTER TABLE person_identity ADD COLUMN seal BLOB NOT NULL DEFAULT x'';
ALTER TABLE match_pair ADD COLUMN seal BLOB NOT NULL DEFAULT x'';
