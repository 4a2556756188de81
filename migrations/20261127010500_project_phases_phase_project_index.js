// So that the projects of a phase are read in their order, and from the index alone.
export const config = { transaction: false };

export const up = (knex) =>
  knex.raw(
    'create index concurrently if not exists project_phases_phase_project_idx on project_phases (phase_id, project_id)',
  );

export const down = (knex) => knex.raw('drop index concurrently if exists project_phases_phase_project_idx');
