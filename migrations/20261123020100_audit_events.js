// No foreign keys: what happened stays true when those it happened to are gone.
export const up = (knex) =>
  knex.raw(`
    create table audit_events (
      id uuid primary key,
      action text not null,
      actor_id uuid,
      subject_id uuid,
      occurred_at timestamptz(3) not null,
      ip inet,
      request_id text,
      details jsonb not null default '{}'
    );
    create index audit_events_newest_idx on audit_events (occurred_at, id);
    create index audit_events_actor_id_idx on audit_events (actor_id, occurred_at, id);
    create index audit_events_subject_id_idx on audit_events (subject_id, occurred_at, id);
    create index audit_events_action_idx on audit_events (action, occurred_at, id);

    create function refuse_change_of_audit_events() returns trigger language plpgsql as $$
    begin
      raise exception 'audit events are only ever added';
    end $$;
    create trigger audit_events_append_only before update or delete or truncate on audit_events
      for each statement execute function refuse_change_of_audit_events();
  `);

export const down = (knex) =>
  knex.raw('drop table audit_events; drop function refuse_change_of_audit_events()');
