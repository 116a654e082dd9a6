import { AppError } from '../shared/errors.ts';
import {
  credentialsSecret,
  keptCredentials,
  keptRepository,
  openRepository,
  passwordLost,
  passwordSecret,
  type CopiesContext,
} from './open-copy.ts';
import { assertSameRepository } from './place.ts';
import { editEntry, findEntry, type CopyEntry, type ResticEntry } from './registry.ts';
import { assertCopiedRight } from './restic/password.ts';

/** What a repository is to be opened with from now on. What is left out stays. */
export interface NewSecrets {
  readonly password?: string | undefined;
  /** Take the place of what is kept under the same names. */
  readonly credentials?: Readonly<Record<string, string>> | undefined;
  /** A file with credentials instead of the one that was named before. Absolute. */
  readonly envFile?: string | undefined;
}

/**
 * Changes what a repository is opened with, once that has opened it: until then, and if it does not, the old stays. The
 * repository itself is not changed.
 *
 * @throws {AppError} COPY_NOT_FOUND, USAGE for a copy in a folder, WRONG_PASSWORD, COPY_UNREACHABLE, COPY_UNEXPECTED
 * when another repository is there, COPY_FAILED, PROGRAM_MISSING, STORAGE_FAILED, OUT_OF_SPACE
 */
export async function changeCopySecrets(
  context: CopiesContext,
  name: string,
  changed: NewSecrets,
  signal?: AbortSignal,
): Promise<void> {
  const entry = await findResticEntry(context, name);
  if (changed.password !== undefined) assertCopiedRight(changed.password);
  const credentials = { ...keptCredentials(context, name), ...changed.credentials };
  const facts = {
    ...(changed.envFile !== undefined && { envFile: changed.envFile }),
    ...(Object.keys(credentials).length > 0 && { hasCredentials: true }),
  };
  const password = changed.password ?? context.secrets.get(passwordSecret(name));
  if (password === undefined) throw passwordLost(name);
  const repository = keptRepository(context, entry);
  assertSameRepository(
    entry,
    await (await openRepository(context, { ...entry, ...facts, repository, password, credentials })).id(signal),
  );
  // The proof takes its time: what somebody else has changed meanwhile stays so.
  const edit = (kept: CopyEntry): CopyEntry => ({ ...asRestic(kept), ...facts });
  editEntry(context.stateDir, name, edit, () => {
    if (changed.password !== undefined) context.secrets.set(passwordSecret(name), password);
    if (changed.credentials !== undefined) context.secrets.set(credentialsSecret(name), JSON.stringify(credentials));
  });
}

async function findResticEntry({ stateDir }: CopiesContext, name: string): Promise<ResticEntry> {
  return asRestic(await findEntry(stateDir, name));
}

function asRestic(entry: CopyEntry): ResticEntry {
  if (entry.kind === 'restic') return entry;
  throw new AppError('USAGE', `the copy ${entry.name} lies in a folder, which has neither a password nor credentials`, {
    hint: 'Only copies in a restic repository have them.',
  });
}
