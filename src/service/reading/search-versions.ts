import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { IndexedKind, IndexedVersion, SearchIndex } from '../../content/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { inSlices } from '../../shared/flow/in-slices.ts';
import { unlessFailed } from '../../shared/flow/unless-failed.ts';
import { recordsOf } from './earlier-versions.ts';
import { openForReading, type OpenedForReading, type OpenForReadingRequest } from './open-for-reading.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

const FOLDER = 'search';
const SECRET_FILE = 'secret';
const SECRET_BYTES = 32;

/**
 * The search index of an opened backup: the one kept from an earlier search, or a new one, which is kept. What is kept
 * is sealed: for an encrypted backup with a secret that only its password gives, else with one of this computer. The
 * index of a folder is not kept, since a folder may change, nor that of a backup in which something is damaged: a copy may have
 * it whole. Searching works without anything kept: a full disk, or one
 * that cannot be read, is no reason to fail.
 *
 * @param options.inSlices lets the rest of the process work while it is made, which takes a little longer.
 */
export async function searchIndexOf(
  { backup, record }: Pick<OpenedForReading, 'backup' | 'record'>,
  stateDir: string,
  signal?: AbortSignal,
  options: { readonly inSlices?: boolean } = {},
): Promise<SearchIndex> {
  // Loaded here: what reads content is most of the product, and other commands start sooner without it.
  const { indexedKinds, openSealedIndex, SearchIndex, sealIndex } = await import('../../content/index.ts');
  const kinds = (): AsyncIterable<IndexedKind> =>
    options.inSlices === true ? kindsInSlices(indexedKinds(backup, signal), signal) : indexedKinds(backup, signal);
  if (record === undefined) return SearchIndex.build(kinds(), options);
  const path = join(stateDir, FOLDER, `${record.udid}-${record.id}.index`);
  const secret = backup.classKeys?.deriveSecret('search index') ?? unlessFailed(() => secretOfThisComputer(stateDir));
  const known = secret && (await readKept(path, (sealed) => openSealedIndex(sealed, secret)));
  if (known !== undefined) return known;
  const index = await SearchIndex.build(kinds(), options);
  if (secret !== undefined && backup.damages.length === 0) keep(path, await sealIndex(index, secret));
  return index;
}

async function* kindsInSlices(
  kinds: AsyncIterable<IndexedKind>,
  signal: AbortSignal | undefined,
): AsyncGenerator<IndexedKind, undefined> {
  for await (const { kind, items } of kinds) yield { kind, items: items && inSlices(items, signal) };
}

/**
 * All versions of a device for searching over time, the oldest first. They are opened one after another, and their
 * password is asked for as often as it changed.
 *
 * @param request whose `wanted` is one version of the device, or "latest".
 * @throws {AppError} USAGE when a folder is asked for, which has one version only; SNAPSHOT_NOT_FOUND
 */
export async function versionsOf(request: OpenForReadingRequest): Promise<IndexedVersion[]> {
  const records = await recordsOf(request);
  return records.map(({ id, takenAt }) => ({
    id,
    takenAt,
    open: async () => {
      await using opened = await openForReading({ ...request, wanted: id });
      return await searchIndexOf(opened, request.stateDir, request.signal);
    },
  }));
}

/** An index that cannot be read is made anew: it holds nothing that the backup does not. */
async function readKept(
  path: string,
  open: (sealed: Buffer) => Promise<SearchIndex>,
): Promise<SearchIndex | undefined> {
  const sealed = unlessFailed(() => readFileSync(path));
  try {
    return sealed && (await open(sealed));
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    unlessFailed(() => rmSync(path, { force: true }));
    return undefined;
  }
}

function keep(path: string, sealed: Buffer): void {
  const partial = `${path}.${process.pid}.part`;
  const isKept = unlessFailed(() => {
    makeFolders(dirname(path), 0o700);
    writeFileSync(partial, sealed, { mode: 0o600 });
    renameSync(partial, path);
    return true;
  });
  if (isKept !== true) unlessFailed(() => rmSync(partial, { force: true }));
}

/** Made once, readable by the owner alone. What it protects lies in the clear in the vault as well. */
function secretOfThisComputer(stateDir: string): Buffer {
  const folder = join(stateDir, FOLDER);
  const path = join(folder, SECRET_FILE);
  const known = unlessFailed(() => readFileSync(path));
  if (known?.length === SECRET_BYTES) return known;
  const secret = randomBytes(SECRET_BYTES);
  makeFolders(folder, 0o700);
  writeFileSync(path, secret, { mode: 0o600 });
  return secret;
}
