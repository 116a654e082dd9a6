import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openBackup, type Backup } from '../../snapshot/index.ts';
import type { RestoreOptions } from '../restore.ts';
import { FreshKeys } from './carry.ts';
import { composedSource } from './composed-source.ts';
import { EditableList } from './editable-list.ts';
import { exchangeParts, type Exchanged, type ExchangeProgress } from './exchange-parts.ts';
import type { GatheredParts } from './gather-parts.ts';
import { plannedParts, type SelectionPlan } from './plan.ts';
import { changedLists } from './property-lists.ts';
import { makeWorkFolder, removeWorkFolder } from './work-file.ts';

export interface ComposeRequest {
  /** The device's own backup, made just now. Its list is closed: the changed one takes its place. */
  readonly current: Backup;
  /** From the older backup. */
  readonly gathered: GatheredParts;
  /** Of these two: `planSelection`. */
  readonly plan: SelectionPlan;
  /** A folder for the composed list of files, encrypted where the device's backup is. */
  readonly workDir: string;
  readonly signal?: AbortSignal | undefined;
}

/** A backup that exists only as what to read from where. Dispose it to remove its list. */
export interface ComposedBackup extends Disposable {
  /** Open, with the keys of the device's own backup. */
  readonly backup: Backup;
  /** With which the device is to restore it, so that everything else stays as it is. */
  readonly options: Pick<RestoreOptions, 'systemFiles' | 'preserveSettings' | 'removeOthers'>;
  readonly exchanged: Exchanged;
}

/**
 * Composes a backup: that of the device as it is now, with the chosen parts as the older one has them. Every file that
 * is taken is read to its end first, so that nothing is begun that could not be finished. Neither backup changes, and
 * both must stay readable for as long as the composed one is used.
 *
 * @returns what of the parts was read, as it is; in the end the composed backup.
 * @throws {AppError} SNAPSHOT_CORRUPT when what cannot be done without is damaged in the older backup; RESTORE_BLOCKED,
 * OUT_OF_SPACE, STORAGE_FAILED; the signal's reason
 * @throws {FormatError} when the older backup's list is not one that a device wrote.
 */
export async function* composeBackup(request: ComposeRequest): AsyncGenerator<ExchangeProgress, ComposedBackup> {
  const { current, gathered, plan, signal } = request;
  const older = gathered.backup;
  const dir = makeWorkFolder(request.workDir);
  using failing = new DisposableStack();
  failing.defer(() => removeWorkFolder(dir));
  current[Symbol.dispose]();
  const fresh = new FreshKeys(randomBytes(32));
  using list = await EditableList.open(current, join(dir, 'Manifest.db'));
  const { taken, ...exchanged } = yield* exchangeParts({
    list,
    current,
    gathered,
    fresh,
    parts: plannedParts(plan, gathered),
    removes: plan.removes,
    totals: totalsOf(plan),
    signal,
  });
  const key = list.finish();
  const lists = await changedLists(current.source, older.source, {
    manifestKey: key && wrapped(current, key),
    appsToLoad: plan.appsToLoad,
  });
  const source = composedSource({ current: current.source, older: older.source, taken, lists, dir });
  const { classKeys } = current;
  const backup = failing.use(await openBackup(source, { ...(classKeys && { classKeys }), ...(signal && { signal }) }));
  const closing = failing.move();
  return {
    backup,
    exchanged,
    options: plan.removes
      ? { systemFiles: true, preserveSettings: false, removeOthers: true }
      : { systemFiles: false, preserveSettings: true, removeOthers: false },
    [Symbol.dispose]: () => closing.dispose(),
  };
}

/** By the class that the device itself chose for its list. */
function wrapped({ facts, classKeys }: Backup, key: Buffer): Buffer | undefined {
  return facts?.manifestKey && classKeys?.wrapFileKey(facts.manifestKey.readUInt32LE(0), key);
}

function totalsOf({ parts }: SelectionPlan): { files: number; bytes: number } {
  return {
    files: parts.reduce((sum, { after }) => sum + after.files, 0),
    bytes: parts.reduce((sum, { after }) => sum + after.bytes, 0),
  };
}
