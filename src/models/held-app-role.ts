import { Model } from 'objection';

/** A view: the roles that count, in apps that are active. */
export class HeldAppRole extends Model {
  static override readonly tableName = 'held_app_roles';

  declare user_id: string;
  declare app_key: string;
  declare role_key: string;
  declare granted_at: string;
}
