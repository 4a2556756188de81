// For whoever deletes an account: what they held, gave and took back is looked up by these.
export const up = (knex) =>
  knex.raw(`
    create index role_assignments_user_id_idx on role_assignments (user_id);
    create index role_assignments_granted_by_idx on role_assignments (granted_by);
    create index role_assignments_revoked_by_idx on role_assignments (revoked_by);
  `);

export const down = (knex) =>
  knex.raw(`
    drop index role_assignments_user_id_idx;
    drop index role_assignments_granted_by_idx;
    drop index role_assignments_revoked_by_idx;
  `);
