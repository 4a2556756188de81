import { inTransaction, type Context } from '../../core/context.ts';
import { deleteAccount } from './delete-account.ts';

export async function deleteUser(context: Context, userId: string): Promise<void> {
  await inTransaction(context, (context) => deleteAccount(context, userId));
}
