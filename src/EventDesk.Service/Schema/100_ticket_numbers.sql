-- The next ticket number to give. A row and not a sequence: an import reserves its block in the transaction of its run,
-- so a killed import gives the same numbers when it resumes.
create table ticket_number (next bigint not null);
insert into ticket_number values (1);
