-- When passages of a ticket are erased, its other files are sealed anew under the new key: the new bytes stand for the attachment they came from.
alter table attachment add column content_of uuid;
