import { lockCopy } from './copy-lock.ts';
import { forgetAttempts } from './history.ts';
import { credentialsSecret, passwordSecret, repositorySecret, type CopiesContext } from './open-copy.ts';
import { removeEntry } from './registry.ts';

/**
 * Forgets a copy: what lies in its place stays there, untouched, and can be added again. Its password is forgotten
 * with it.
 *
 * @throws {AppError} COPY_NOT_FOUND, ALREADY_RUNNING while something is done with it, STORAGE_FAILED
 */
export async function removeCopy({ stateDir, secrets }: CopiesContext, name: string): Promise<void> {
  using _alone = lockCopy(stateDir, name);
  removeEntry(stateDir, name, ({ kind }) => {
    if (kind === 'folder') return;
    secrets.delete(passwordSecret(name));
    secrets.delete(repositorySecret(name));
    secrets.delete(credentialsSecret(name));
  });
  await forgetAttempts(stateDir, name);
}
