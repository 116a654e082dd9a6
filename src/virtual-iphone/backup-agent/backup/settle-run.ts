import { AgentError, errorOfStatus, MB_ERROR } from '../agent-error.ts';
import { reach, type Session } from '../session.ts';
import { listDirectory, moveItems, removeItems, type Listing } from '../wire/file-operations.ts';
import { DL_STATUS } from '../wire/messages.ts';
import { writeStatus, type Run } from './run.ts';

const PROGRESS = 99;

/**
 * Brings what was sent from Snapshot/ into its place, removes what is gone, and calls the run finished. Can be begun
 * again wherever it was cut short.
 *
 * @param from the state the host's Status.plist is in: `moving`, or `removing` when all is moved.
 * @returns the bytes of the final Status.plist.
 * @throws {AgentError} @throws {HostGone}
 */
export async function settleRun(session: Session, run: Run, from: 'moving' | 'removing'): Promise<Buffer> {
  if (from === 'moving') {
    await moveFresh(session, run);
    await moveManifest(session, run);
    await writeStatus(session, run, 'removing');
  }
  await removeGone(session, run);
  await removeSnapshot(session, run);
  const status = await writeStatus(session, run, 'finished');
  run.ledger.settle();
  return status;
}

async function moveFresh(session: Session, { folder, ledger, isResumed }: Run): Promise<void> {
  const { batchFiles } = session.context.backup;
  const present = new SnapshotPresence(session, folder.directory.bind(folder));
  for (let last = ''; ;) {
    const ids = ledger.freshAfter(last, batchFiles);
    const end = ids.at(-1);
    if (end === undefined) return;
    last = end;
    await reach(session, 'move');
    const moves = new Map<string, string>();
    for (const id of ids) {
      if (isResumed && !(await present.has(id))) continue;
      moves.set(folder.snapshotPayload(id), folder.payload(id));
    }
    if (moves.size === 0) continue;
    const [failure] = (await moveItems(session.link, moves, PROGRESS)).values();
    if (failure !== undefined) throw errorOfStatus(failure, 'Error moving items');
  }
}

/** Which payloads still lie in Snapshot/, asked in the order of ids: one listing per directory. */
class SnapshotPresence {
  readonly #session: Session;
  readonly #directoryOf: (prefix: string, inSnapshot: boolean) => string;
  #path = '';
  #listing: Listing = new Map();

  constructor(session: Session, directoryOf: (prefix: string, inSnapshot: boolean) => string) {
    this.#session = session;
    this.#directoryOf = directoryOf;
  }

  async has(id: string): Promise<boolean> {
    const path = this.#directoryOf(id.slice(0, 2), true);
    if (path !== this.#path) this.#listing = await listDirectory(this.#session.link, path);
    this.#path = path;
    return this.#listing.has(id);
  }
}

/** The manifest's files may have been moved before the run was cut short: then their sources are missing. */
async function moveManifest({ link }: Session, { folder }: Run): Promise<void> {
  const names = ['Manifest.plist', folder.layout.manifestName];
  const moves = new Map(names.map((name) => [`${folder.snapshot}/${name}`, folder.file(name)]));
  for (const status of (await moveItems(link, moves, PROGRESS)).values()) {
    if (status !== DL_STATUS.notFound) throw errorOfStatus(status, 'Error moving manifest');
  }
}

async function removeGone(session: Session, { folder, ledger }: Run): Promise<void> {
  const { batchFiles } = session.context.backup;
  for (let last = ''; ;) {
    const ids = ledger.goneAfter(last, batchFiles);
    const end = ids.at(-1);
    if (end === undefined) return;
    last = end;
    await reach(session, 'remove');
    const paths = ids.map((id) => folder.payload(id));
    const [failure] = (await removeItems(session.link, paths, PROGRESS)).values();
    if (failure !== undefined) throw errorOfStatus(failure, 'Error removing items');
  }
}

/** Snapshot/ goes with all that is left in it; Manifest.mbdx is a relic of iOS 4 that may lie around. */
async function removeSnapshot({ link }: Session, { folder }: Run): Promise<void> {
  const failed = await removeItems(link, [folder.snapshot], PROGRESS);
  if (failed.size > 0) throw new AgentError(MB_ERROR.writeFailed, 'Error removing snapshot directory');
  await removeItems(link, [folder.file('Manifest.mbdx')], PROGRESS);
}
