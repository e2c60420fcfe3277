-- The RFC 6962 tree over all events in tiles of up to 256 hashes (C2SP tlog-tiles) and the checkpoints signed over it. Hashes only: nothing here
-- can be turned back into an event. Tables of their own and not views: a replay could make the hashes again, but not what was once vouched for.
create table ledger_tile (
  level int not null,
  n bigint not null,
  hashes bytea not null,
  seqs bigint[], -- level 0 alone: the seq_id of each leaf, for numbers that were never used leave gaps
  primary key (level, n)
);

-- Digests do not compress.
alter table ledger_tile alter column hashes set storage external;

create index ledger_tile_first_seq on ledger_tile ((seqs[1])) where level = 0;

create table ledger_checkpoint (
  size bigint primary key,
  note text not null,
  signed timestamptz not null
);
