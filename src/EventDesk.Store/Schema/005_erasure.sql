-- Streams whose sealed texts were taken out of the log. Copies of the database (backups, write-ahead log, pages not yet vacuumed) still hold the
-- ciphertext and the wrapped data key: the master key that wrapped it has to be destroyed outside, and until then this is a task.
create table erased_stream (
  id bigint generated always as identity primary key,
  stream_id uuid not null,
  master_id int not null,
  asked timestamptz not null,
  destroyed timestamptz
);

create index erased_stream_open on erased_stream (master_id) where destroyed is null;
create index erased_stream_asked on erased_stream (asked);
create index erased_stream_stream on erased_stream (stream_id);

-- No stream's key may be wrapped by one of these again: a process that has not heard of the destruction is refused.
create table destroyed_key (
  master_id int primary key
);

create function eventdesk_refuse_key(master_id int) returns int language plpgsql as $$
begin
  raise exception 'Master key % was destroyed.', master_id using errcode = 'ED001';
end $$;

-- A key is found by the master key that wraps it when that one is to be destroyed.
create index stream_key_master on stream_key (master_id);
