export const up = (knex) =>
  knex.raw(`
    create table phases (
      id uuid primary key,
      name text not null,
      description text,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now()
    );
    create index phases_name_idx on phases (name, id);

    create table phase_dependencies (
      id uuid primary key,
      phase_id uuid not null constraint phase_dependencies_phase_id_fkey references phases on delete cascade,
      depends_on_id uuid not null constraint phase_dependencies_depends_on_id_fkey
        references phases on delete cascade,
      constraint phase_dependencies_depends_on_id_key unique (phase_id, depends_on_id),
      constraint phase_dependencies_itself_check check (phase_id <> depends_on_id)
    );
    create index phase_dependencies_depends_on_id_idx on phase_dependencies (depends_on_id);

    create table project_phases (
      id uuid primary key,
      project_id uuid not null constraint project_phases_project_id_fkey references projects on delete cascade,
      phase_id uuid not null constraint project_phases_phase_id_fkey references phases on delete cascade,
      status text not null default 'not_started' constraint project_phases_status_check
        check (status in ('not_started', 'in_progress', 'completed', 'blocked')),
      constraint project_phases_phase_id_key unique (project_id, phase_id)
    );
    create index project_phases_phase_id_idx on project_phases (phase_id);
  `);

export const down = (knex) => knex.raw('drop table project_phases, phase_dependencies, phases');
