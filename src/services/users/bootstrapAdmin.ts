import type { Context } from '../../core/context.ts';
import { User } from '../../models/user.ts';
import { ensurePlatformAdmin } from './ensurePlatformAdmin.ts';

/**
 * Makes the configured platform admin if there is none at all.
 * @returns whether there is one now
 */
export async function bootstrapAdmin(
  context: Context,
  configured: { email: string; password: string } | undefined,
): Promise<boolean> {
  if (await hasPlatformAdmin(context)) return true;
  if (!configured) return false;
  await ensurePlatformAdmin(context, configured);
  return true;
}

export async function hasPlatformAdmin({ database }: Context): Promise<boolean> {
  const admin = await User.query(database).findOne({ is_platform_admin: true }).select('id');
  return admin !== undefined;
}
