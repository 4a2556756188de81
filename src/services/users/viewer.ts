import type { Schema } from '../../core/schema.ts';

/** Who asks, as a parameter of a prepared query: without `sees_all`, only what they have access to is theirs to see. */
export interface Viewer {
  readonly viewer: string;
  readonly sees_all: true | undefined;
}

export function viewerOf({
  id,
  is_platform_admin,
}: Pick<Schema<'User'>, 'id' | 'is_platform_admin'>): Viewer {
  return { viewer: id, sees_all: is_platform_admin || undefined };
}
