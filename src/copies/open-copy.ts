import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../shared/errors.ts';
import type { Copy } from './copy.ts';
import { FolderCopy } from './folder/folder-copy.ts';
import type { CopyEntry, ResticEntry } from './registry.ts';
import { findRestic } from './restic/binary.ts';
import { resticEnvironment } from './restic/environment.ts';
import { Repository } from './restic/repository.ts';
import { ResticCopy } from './restic/restic-copy.ts';

/** Where secrets are kept; `openSecretStore` of the service gives one. */
export interface CopySecrets {
  get(name: string): string | undefined;
  set(name: string, secret: string): void;
  delete(name: string): boolean;
}

/** What copies need of the world around them. */
export interface CopiesContext {
  readonly stateDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly secrets: CopySecrets;
  readonly now?: () => Date;
}

/** Names of secrets of a copy. */
export const passwordSecret = (name: string): string => `copy/${name}`;
export const repositorySecret = (name: string): string => `copy/${name}/repository`;
export const credentialsSecret = (name: string): string => `copy/${name}/credentials`;

/** How to reach a repository. */
export interface ResticPlace extends Pick<ResticEntry, 'binary' | 'envFile'> {
  /** Whole, with a password in it if need be. */
  readonly repository: string;
  readonly password: string;
  /** What the place asks for, as restic finds it in its environment: AWS_SECRET_ACCESS_KEY. */
  readonly credentials?: Readonly<Record<string, string>> | undefined;
}

/** Makes ready to use what is set up. Nothing of the place is touched yet. @throws {AppError} as `openRepository` */
export async function openCopy(context: CopiesContext, entry: CopyEntry): Promise<Copy> {
  if (entry.kind === 'folder') return new FolderCopy(entry);
  const password = context.secrets.get(passwordSecret(entry.name));
  if (password === undefined) throw passwordLost(entry.name);
  const repository = keptRepository(context, entry);
  const credentials = credentialsOf(context, entry);
  return new ResticCopy(entry, await openRepository(context, { ...entry, repository, password, credentials }));
}

/** The address of a repository, whole. @throws {AppError} WRONG_PASSWORD when what is secret about it is lost */
export function keptRepository({ secrets }: CopiesContext, entry: ResticEntry): string {
  const repository = entry.isRepositorySecret ? secrets.get(repositorySecret(entry.name)) : entry.repository;
  if (repository === undefined) throw addressLost(entry.name);
  return repository;
}

function credentialsOf(context: CopiesContext, { name, hasCredentials }: ResticEntry): Record<string, string> {
  const kept = keptCredentials(context, name);
  if (hasCredentials === true && kept === undefined) throw passwordLost(name);
  return kept ?? {};
}

/** The credentials that are kept for a place, if any. */
export function keptCredentials(
  { secrets }: Pick<CopiesContext, 'secrets'>,
  name: string,
): Record<string, string> | undefined {
  const kept = secrets.get(credentialsSecret(name));
  return kept === undefined ? undefined : z.record(z.string(), z.string()).parse(JSON.parse(kept));
}

/** What somebody needs who has nothing of this computer, as far as it is kept here. */
interface KeptKeys {
  readonly repository: string | undefined;
  readonly password: string | undefined;
  /** The names of credentials that the place asks for. */
  readonly credentials: readonly string[];
}

export function keptKeys(context: Pick<CopiesContext, 'secrets'>, entry: ResticEntry): KeptKeys {
  const { secrets } = context;
  return {
    repository: entry.isRepositorySecret ? secrets.get(repositorySecret(entry.name)) : entry.repository,
    password: secrets.get(passwordSecret(entry.name)),
    credentials: Object.keys(keptCredentials(context, entry.name) ?? {}),
  };
}

/** @throws {AppError} PROGRAM_MISSING, USAGE when a file with credentials cannot be used. */
export async function openRepository({ stateDir, env }: CopiesContext, place: ResticPlace): Promise<Repository> {
  const binary = await findRestic(place.binary, env);
  const session = {
    ...(await resticEnvironment(env, place.envFile)),
    ...place.credentials,
    RESTIC_REPOSITORY: place.repository,
    RESTIC_CACHE_DIR: join(stateDir, 'restic-cache'),
    RESTIC_PROGRESS_FPS: '2',
  };
  return new Repository(binary, session, place.password);
}

export function passwordLost(name: string): AppError {
  return new AppError('WRONG_PASSWORD', `the password of the copy ${name} is not on this computer`, {
    hint: `Give it again from your recovery sheet: on the page of the copies, or with \`holdfast copies change ${name} --password-file FILE\`.`,
    details: { copy: name },
  });
}

function addressLost(name: string): AppError {
  return new AppError(
    'WRONG_PASSWORD',
    `the address of the copy ${name}, which has a password in it, is not on this computer`,
    {
      hint: 'Remove the copy, which deletes nothing there, and add it again with its address and password.',
      details: { copy: name },
    },
  );
}
