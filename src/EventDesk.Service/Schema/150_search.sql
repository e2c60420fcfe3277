-- Which words stand on which ticket, for the search: numbers made of words by a keyed hash, never a text. Made from the tickets' texts and made anew when
-- it is lost, so neither the write-ahead log nor a copy made from it holds any of it.
create unlogged table search_entry (
  number bigint primary key,        -- the ticket's; newer tickets have higher ones
  ticket uuid not null,
  marks bigint[] not null           -- sorted; the tickets' block in the upper bits, the word's hash in the lower ones
) with (toast_tuple_target = 128);  -- marks are kept apart: what a search reads of a row is short

-- Hashes do not compress, and how often each one occurs is nobody's business but the index's.
alter table search_entry alter column marks set storage external;
alter table search_entry alter column marks set statistics 0;

-- How far it is. Emptied by a crash together with the entries; then it is begun anew.
create unlogged table search_state (
  one boolean primary key default true check (one),
  version int not null,             -- of how texts become marks
  secret bytea not null,            -- what words are hashed with, sealed
  seq_id bigint not null,           -- the last event that is in it, once it is ready
  filled bigint not null,           -- tickets up to this number are in it
  ready boolean not null
);
