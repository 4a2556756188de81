// Keys and fingerprints are hashes: neither table shows an address or an e-mail.
export const up = (knex) =>
  knex.raw(`
    create table rate_limits (
      key bytea not null,
      quota integer not null,
      seconds integer not null,
      -- When it was used, for as long as that counts: never more moments than the quota.
      taken timestamptz(3)[] not null,
      expires_at timestamptz(3) not null,
      constraint rate_limits_pkey primary key (key)
    );
    create index rate_limits_expires_at_idx on rate_limits (expires_at);

    -- Takes one use of each limit if all of them have one left, and none of any otherwise. Tells how it was before.
    create function take_rate_limits(keys bytea[], quotas integer[], periods integer[], moment timestamptz)
      returns table (key bytea, used integer, free_again_at timestamptz) language plpgsql as $$
    #variable_conflict use_column
    begin
      -- Always in the same order, so that no two requests wait for each other.
      insert into rate_limits as kept (key, quota, seconds, taken, expires_at)
        -- What turns out not to be used may go at once.
        select asked.key, asked.quota, asked.seconds, '{}', '-infinity'
          from unnest(keys, quotas, periods) asked (key, quota, seconds)
         order by asked.key
        on conflict (key) do update
          set quota = excluded.quota, seconds = excluded.seconds, taken = array(
                select past from unnest(kept.taken) past
                 where past > moment - make_interval(secs => excluded.seconds) order by past);

      return query
        select key, cardinality(taken),
               taken[greatest(1, cardinality(taken) - quota + 1)] + make_interval(secs => seconds)
          from rate_limits where key = any (keys);

      if (select bool_and(cardinality(taken) < quota) from rate_limits where key = any (keys)) then
        update rate_limits set taken = taken || moment, expires_at = moment + make_interval(secs => seconds)
         where key = any (keys);
      end if;

      -- Clears away more than it leaves, and waits for nobody. The clocks of others may be behind.
      delete from rate_limits where ctid = any (array(
        select ctid from rate_limits where expires_at <= moment - interval '1 minute' and not key = any (keys)
         order by expires_at limit 20 for update skip locked));
    end $$;

    -- The fingerprint is of account and device together: it says nothing of other accounts that use the same one.
    create table known_devices (
      fingerprint bytea not null,
      user_id uuid not null constraint known_devices_user_id_fkey references users on delete cascade,
      last_used_at timestamptz(3) not null,
      constraint known_devices_pkey primary key (fingerprint)
    );
    create index known_devices_user_id_idx on known_devices (user_id);
    create index known_devices_last_used_at_idx on known_devices (last_used_at);
  `);

export const down = (knex) =>
  knex.raw('drop table known_devices; drop function take_rate_limits; drop table rate_limits');
