import { forgetAttempts } from './history.ts';
import { credentialsSecret, passwordSecret, repositorySecret, type CopiesContext } from './open-copy.ts';
import { removeEntry } from './registry.ts';

/**
 * Forgets a copy: what lies in its place stays there, untouched, and can be added again. Its password is forgotten
 * with it.
 *
 * @throws {AppError} COPY_NOT_FOUND, STORAGE_FAILED
 */
export async function removeCopy({ stateDir, secrets }: CopiesContext, name: string): Promise<void> {
  removeEntry(stateDir, name, ({ kind }) => {
    if (kind === 'folder') return;
    secrets.delete(passwordSecret(name));
    secrets.delete(repositorySecret(name));
    secrets.delete(credentialsSecret(name));
  });
  await forgetAttempts(stateDir, name);
}
