import { createReadStream, rmSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { isAppError } from '../../shared/errors.ts';
import type { FetchedObject, ObjectDonor, Staging, WantedObject } from '../../vault/index.ts';
import type { StoredSnapshot } from './answers.ts';
import type { Repository } from './repository.ts';
import { appendTo } from '../../shared/append-to.ts';

/** So few files are fetched one by one; more of them together, in a folder. */
const FEW_FILES = 4;
/** So many are named to restic at a time; of more than that it gives the whole snapshot. */
const NAMED_FILES = 500;

interface PlacedObject {
  readonly sha256: string;
  /** In the snapshot of the repository. */
  readonly path: string;
}

/**
 * A restic repository as a donor: it knows no hashes of files, but which snapshots have which paths.
 *
 * @param openStaging gives room for what is fetched, for as long as it is needed: other donors need it, too.
 */
export function resticDonor(
  name: string,
  repository: Repository,
  stored: readonly StoredSnapshot[],
  openStaging: () => Staging,
): ObjectDonor {
  // Of one that was stored twice, the first counts.
  const byId = new Map(stored.toReversed().map((each) => [each.id, each]));
  return {
    name,
    async *objects(wanted, signal) {
      for (const [resticId, files] of placesOf(wanted, byId)) {
        if (files.length <= FEW_FILES) yield* dumped(repository, resticId, files, signal);
        else yield* restored(repository, resticId, files, openStaging, signal);
      }
    },
    record: async (udid, id) => {
      const snapshot = byId.get(id);
      if (snapshot === undefined || snapshot.udid !== udid) return undefined;
      return readAll(repository.dump(snapshot.resticId, `/${udid}.snapshot.json`));
    },
    folder: async (record, signal) => {
      const snapshot = byId.get(record.id);
      if (snapshot === undefined) return undefined;
      using stack = new DisposableStack();
      const dir = stack.use(openStaging()).makeTemporary();
      stack.defer(() => removeFolder(dir));
      await repository.restore(snapshot.resticId, dir, { signal });
      const whole = stack.move();
      return { folder: join(dir, record.udid), [Symbol.asyncDispose]: async () => whole.dispose() };
    },
  };
}

/** Which of the objects lie in which snapshots there, each told once. */
function placesOf(
  wanted: readonly WantedObject[],
  byId: ReadonlyMap<string, StoredSnapshot>,
): Map<string, PlacedObject[]> {
  const places = new Map<string, PlacedObject[]>();
  for (const { sha256, files } of wanted) {
    const file = files.find(({ snapshot }) => byId.has(snapshot));
    const snapshot = file && byId.get(file.snapshot);
    if (file === undefined || snapshot === undefined) continue;
    appendTo(places, snapshot.resticId, { sha256, path: `/${file.udid}/${file.path}` });
  }
  return places;
}

async function* dumped(
  repository: Repository,
  resticId: string,
  files: readonly PlacedObject[],
  signal: AbortSignal | undefined,
): AsyncGenerator<FetchedObject, undefined> {
  for (const { sha256, path } of files) yield { sha256, chunks: repository.dump(resticId, path, signal) };
}

async function* restored(
  repository: Repository,
  resticId: string,
  files: readonly PlacedObject[],
  openStaging: () => Staging,
  signal: AbortSignal | undefined,
): AsyncGenerator<FetchedObject, undefined> {
  using staging = openStaging();
  const dir = staging.makeTemporary();
  try {
    const paths = files.length > NAMED_FILES ? [] : files.map(({ path }) => path);
    try {
      await repository.restore(resticId, dir, { paths, signal });
    } catch (error) {
      // Where a pack there is damaged, all that does not lie in it has come back.
      if (!isAppError(error, 'COPY_FAILED')) throw error;
    }
    for (const { sha256, path } of files) {
      if (await isThere(join(dir, path))) yield { sha256, chunks: createReadStream(join(dir, path)) };
    }
  } finally {
    removeFolder(dir);
  }
}

async function readAll(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(chunks));
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function removeFolder(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
}
