const apps = {
  'tripod-studio': 'Tripod Studio',
  'meaning-map-generator': 'Meaning Map Generator',
  'oral-bridge': 'Oral Bridge',
  'data-collection': 'Data Collection',
  avita: 'AViTA',
};
const roles = {
  admin: 'Admin',
  facilitator: 'Facilitator',
  reviewer: 'Reviewer',
  annotator: 'Annotator',
  viewer: 'Viewer',
};

export async function up(knex) {
  await knex('apps')
    .insert(
      Object.entries(apps).map(([app_key, name]) => ({
        id: knex.raw('gen_random_uuid()'),
        app_key,
        name,
        default_role_key: 'viewer',
      })),
    )
    .onConflict('app_key')
    .ignore();
  const seeded = await knex('apps').whereIn('app_key', Object.keys(apps)).select('id');
  await knex('app_roles')
    .insert(
      seeded.flatMap(({ id }) =>
        Object.entries(roles).map(([role_key, label]) => ({
          id: knex.raw('gen_random_uuid()'),
          app_id: id,
          role_key,
          label,
          is_system: true,
        })),
      ),
    )
    .onConflict(['app_id', 'role_key'])
    .ignore();
}

export async function down(knex) {
  await knex('apps').whereIn('app_key', Object.keys(apps)).delete();
}
