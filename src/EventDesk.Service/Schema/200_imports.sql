-- One row for each run of an import. It fixes what must not change when a killed run goes on: the recorded time and the plan in import_case.
create table import_run (
  id bigint generated always as identity primary key,
  source text not null,
  file text not null,
  content bytea not null,      -- SHA-256 of the file
  mapping bytea not null,      -- SHA-256 of the mapping
  recorded timestamptz not null,
  started timestamptz not null,
  finished timestamptz,
  cases_done int not null default 0,
  written jsonb not null default '{}', -- events by type so far
  report jsonb
);

-- One row for each case of a source, made for all cases of a run at its start: a case keeps its number and its stream for ever.
create table import_case (
  source text collate "C" not null,
  case_id text collate "C" not null,
  stream_id uuid not null,
  number bigint not null,
  run bigint not null references import_run,
  rows int not null default 0,     -- source rows in the stream; 0: only planned
  version bigint not null default 0,
  content bytea,                   -- running digest over what those rows say
  primary key (source, case_id)
);
