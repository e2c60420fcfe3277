-- What was stored stays as it was stored. The database itself says so, whoever is connected. Two doors lead through, each opened for one
-- transaction by set_config('eventdesk.door', 'erase' | 'purge', true): they change an event's data and nothing else.

alter table mt_events add constraint eventdesk_events_carry_a_digest check (headers is not null and headers ? 'digest');

-- Inside jsonb's own text form a quote within a string is always escaped, so `"sealed": "` can only be a key and the start of its value.
create function eventdesk_sealed_blanked(data jsonb) returns text language sql immutable parallel safe
return regexp_replace(data::text, '"sealed": (null|"[^"]*")', '"sealed": null', 'g');

create function eventdesk_only_erased(before jsonb, after jsonb) returns boolean language sql immutable parallel safe
return eventdesk_sealed_blanked(before) = eventdesk_sealed_blanked(after)
  and not exists (
    select from regexp_matches(after::text, '"sealed": ("[^"]*")', 'g') kept
    where strpos(before::text, '"sealed": ' || kept[1]) = 0);

create function eventdesk_keep_events() returns trigger language plpgsql set search_path from current as $$
declare door text := current_setting('eventdesk.door', true);
begin
  if tg_op = 'UPDATE' and door in ('erase', 'purge') then
    if to_jsonb(new) - 'data' = to_jsonb(old) - 'data' and (door = 'purge' or eventdesk_only_erased(old.data, new.data)) then
      return new;
    end if;
    raise exception 'The door "%" does not allow this change of event %.', door, old.seq_id using errcode = 'restrict_violation';
  end if;
  raise exception 'Stored events are never changed or removed (% on mt_events).', tg_op using errcode = 'restrict_violation';
end $$;

create function eventdesk_keep_streams() returns trigger language plpgsql as $$
begin
  raise exception 'Streams are never removed and their versions only grow (% on mt_streams).', tg_op using errcode = 'restrict_violation';
end $$;

create trigger eventdesk_keep_events before update or delete on mt_events for each row execute function eventdesk_keep_events();
create trigger eventdesk_keep_all_events before truncate on mt_events for each statement execute function eventdesk_keep_events();

-- After, not before: a before trigger would lock every stream row once more on its way, and the condition keeps the function out of every append.
create trigger eventdesk_keep_streams after update on mt_streams for each row
  when (new.id <> old.id or new.version is null or new.version < old.version) execute function eventdesk_keep_streams();
create trigger eventdesk_keep_stream before delete on mt_streams for each row execute function eventdesk_keep_streams();
create trigger eventdesk_keep_all_streams before truncate on mt_streams for each statement execute function eventdesk_keep_streams();

alter table mt_events enable always trigger eventdesk_keep_events;
alter table mt_events enable always trigger eventdesk_keep_all_events;
alter table mt_streams enable always trigger eventdesk_keep_streams;
alter table mt_streams enable always trigger eventdesk_keep_stream;
alter table mt_streams enable always trigger eventdesk_keep_all_streams;
