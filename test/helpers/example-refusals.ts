import type { Attempt } from './example-attempts.ts';
import type { OperationId } from './contract.ts';
import type { Who } from './example-world.ts';

/** How an error comes about that the contract shows: at its path, with what the operation shows as its body but for this. */
export interface Refusal extends Pick<Attempt, 'before' | 'earlier'> {
  readonly call: OperationId;
  readonly as?: Who | 'nobody' | undefined;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** What undoes `before`, where it changes more than what is in the tables. */
  readonly after?: string;
}

const pending = `update access_requests set status = 'pending', reviewed_at = null, reviewed_by = null`;

/** By the name of the answer, and of the example where it has several. */
export const refusals: Readonly<Record<string, Refusal>> = {
  BadRequest: { call: 'signUp', body: { password: 'short' } },
  Unauthorized: { call: 'getMe', as: 'nobody' },
  Forbidden: { call: 'updateOrganization', as: 'facilitator' },
  NotFound: { call: 'getLanguage' },
  PreconditionFailed: { call: 'updateProject', headers: { 'If-Match': '"another"' } },
  PayloadTooLarge: { call: 'createProject', as: 'admin', body: { description: 'x'.repeat(102_400) } },
  UnsupportedMediaType: { call: 'createProject', as: 'admin', headers: { 'Content-Type': 'text/plain' } },
  UnknownReference: {
    call: 'createProject',
    as: 'admin',
    body: { language_id: '01981d2c-0000-7000-8000-000000000000' },
  },
  KeyReused: { call: 'createProject', as: 'admin', earlier: {}, body: { name: 'Another' } },
  RateLimited: {
    call: 'logIn',
    earlier: { times: 5, body: { password: 'another password' }, seconds: 18 },
  },
  InternalError: {
    call: 'listProjects',
    before: 'alter table projects rename to gone',
    after: 'alter table gone rename to projects',
  },

  EmailTaken: { call: 'signUp' },
  InvalidCredentials: { call: 'logIn', body: { password: 'another password' } },
  AccountInactive: { call: 'logIn', before: 'update users set is_active = false' },
  InvalidRefreshToken: { call: 'refreshTokens', before: 'delete from sessions' },
  WrongPassword: { call: 'changePassword', body: { current_password: 'another password' } },
  'BadRequestOrInvalidResetToken/validation_error': { call: 'resetPassword', body: { password: 'short' } },
  'BadRequestOrInvalidResetToken/invalid_reset_token': {
    call: 'resetPassword',
    before: 'delete from password_resets',
  },
  LastAdmin: { call: 'deleteUser' },
  'LastAdminOrManager/last_admin': { call: 'deleteMe', as: 'admin' },
  'LastAdminOrManager/last_manager': {
    call: 'deleteMe',
    before: `update project_user_access set role = 'member' where user_id = (select id from users where is_platform_admin)`,
  },

  'AppKeyTakenOrRunning/app_key_taken': { call: 'createApp' },
  'AppRoleTakenOrRunning/app_role_taken': { call: 'createAppRole' },
  AppRoleInUse: {
    call: 'deleteAppRole',
    before: `insert into role_assignments (id, user_id, app_role_id)
               select gen_random_uuid(), users.id, app_roles.id from users, app_roles where role_key = 'story-keeper'`,
  },
  NoDefaultRole: {
    call: 'updateApp',
    before: 'update apps set auto_approve = false, default_role_key = null',
    body: { default_role_key: null },
  },
  'AccessRequestConflict/already_reviewed': { call: 'reviewAccessRequest' },
  'AccessRequestConflict/no_default_role': {
    call: 'reviewAccessRequest',
    before: `${pending}; update apps set auto_approve = false, default_role_key = null`,
    body: { role_key: undefined },
  },

  'LanguageCodeTakenOrRunning/language_code_taken': { call: 'createLanguage' },
  'LanguageCodeUnknownOrKeyReused/language_code_unknown': { call: 'createLanguage', body: { code: 'da' } },
  LanguageInUse: { call: 'deleteLanguage' },
  SlugTaken: { call: 'createOrganization' },
  'AlreadyMemberOrRunning/already_member': { call: 'addOrganizationMember' },
  LastManager: {
    call: 'revokeProjectUserAccess',
    as: 'facilitator',
    before: 'delete from project_user_access where user_id = (select id from users where is_platform_admin)',
  },
  'PhaseAlreadyAttachedOrRunning/phase_already_attached': { call: 'attachProjectPhase' },
  'PhaseDependencyConflictOrRunning/dependency_exists': { call: 'addPhaseDependency' },
  'PhaseDependencyConflictOrRunning/phase_cycle': {
    call: 'addPhaseDependency',
    body: { depends_on_id: '01981cc7-9a60-7dac-9f98-ce7aeb1c9d8a' },
  },
};
