-- Files of tickets, sealed in pieces under the ticket's key. They are put in before the event that names them; one without its event
-- (an upload that broke off) is nobody's and is removed after a day.
create table attachment (
  id uuid primary key,
  ticket uuid not null,
  begun timestamptz not null,
  kept boolean not null default false
);

create index attachment_ticket on attachment (ticket);
create index attachment_begun on attachment (begun) where not kept;

create table attachment_piece (
  attachment uuid not null references attachment (id) on delete cascade,
  number int not null,
  bytes bytea not null,
  primary key (attachment, number)
);

-- Ciphertext does not shrink.
alter table attachment_piece alter column bytes set storage external;
