-- One-time links by which customers sign in. Neither the address nor the link stands here: who reads this table can write to nobody and open nothing.
create table sign_in_link (
  hash bytea primary key,           -- SHA-256 of the link's secret
  customer uuid not null,           -- the pseudonym behind the address it was sent to
  made timestamptz not null,
  expires timestamptz not null
);
create index sign_in_link_customer on sign_in_link (customer);
create index sign_in_link_expires on sign_in_link (expires);
