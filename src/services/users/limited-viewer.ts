import type { Schema } from '../../core/schema.ts';

/** Who sees only what they have access to: undefined for a platform admin. */
export function limitedViewer({
  id,
  is_platform_admin,
}: Pick<Schema<'User'>, 'id' | 'is_platform_admin'>): string | undefined {
  return is_platform_admin ? undefined : id;
}
