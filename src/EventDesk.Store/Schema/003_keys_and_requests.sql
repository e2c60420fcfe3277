-- The data key of each stream, wrapped by a master key that never enters the database.
create table stream_key (
  stream_id uuid primary key,
  master_id int not null,
  wrapped bytea not null
);

-- What a request was answered, kept until it expires so that a repetition has no second effect.
create table idempotency (
  key bytea primary key,
  request bytea not null,
  reply bytea not null,
  expires timestamptz not null
);

-- Rows expire about in the order they came: a block-range index costs an insert nearly nothing.
create index idempotency_expires on idempotency using brin (expires) with (pages_per_range = 16);
