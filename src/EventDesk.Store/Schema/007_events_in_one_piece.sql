-- An event of more than 2 kB, as most openings are, would be cut up and its text kept in a table beside this one: one more row and one more index
-- entry for whoever appends, one more walk along that index for each event that is read. Up to half a page it stays whole.
alter table mt_events set (toast_tuple_target = 4080);
