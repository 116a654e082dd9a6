import type { ContentKind } from '../../content/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import type { ExportFolder } from '../folder/export-folder.ts';
import type { ContentExport, ExportOptions, ExportSummary } from '../kind.ts';
import type { EarlierVersion } from '../merge/merge-versions.ts';
import { indexPage } from './index-page.ts';

export interface TakeOutRequest {
  readonly backup: Backup;
  readonly kinds: readonly ContentExport[];
  /** One of the formats; without it each kind has its first. Kinds that do not have it have their first as well. */
  readonly format?: string | undefined;
  readonly folder: ExportFolder;
  readonly timeZone: string;
  readonly signal: AbortSignal;
  readonly options: ExportOptions;
  readonly earlier?: readonly EarlierVersion[] | undefined;
  readonly onProgress?: ((kind: ContentExport, done: number, total: number | undefined) => void) | undefined;
}

/** What became of one kind. */
export type TakenOut =
  | { readonly state: 'done'; readonly summary: ExportSummary; readonly format: string }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly problem: string };

export interface TakenOutKind {
  readonly kind: ContentKind;
  readonly title: string;
  /** The folder it was put into, relative; undefined when it is the export folder itself. */
  readonly path: string | undefined;
  readonly result: TakenOut;
}

/**
 * Takes one kind of content out into the folder, or several, each into a folder of its own with a page that leads to
 * them. A kind that cannot be read does not keep the others from being taken out.
 *
 * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED, CANCELLED
 */
export async function takeOut(request: TakeOutRequest): Promise<TakenOutKind[]> {
  const { kinds, folder } = request;
  const [only, ...others] = kinds;
  if (only !== undefined && others.length === 0) {
    const result = await takeOutKind(request, only, () => folder);
    return [{ kind: only.kind, title: only.title, path: undefined, result }];
  }
  const taken: TakenOutKind[] = [];
  for (const each of kinds) {
    const own = lazyFolder(folder, each.title);
    const result = await takeOutKind(request, each, own.open);
    taken.push({ kind: each.kind, title: each.title, path: own.path(), result });
  }
  await folder.write(['index.html'], indexPage(request.backup, taken, request.timeZone));
  return taken;
}

async function takeOutKind(
  request: TakeOutRequest,
  each: ContentExport,
  folder: () => ExportFolder,
): Promise<TakenOut> {
  const { backup, timeZone, signal, options, onProgress } = request;
  signal.throwIfAborted();
  const format =
    request.format !== undefined && each.formats.includes(request.format) ? request.format : each.formats[0];
  const toldBefore = new Set(backup.damages);
  try {
    const summary = await each.run({
      backup,
      folder: folder(),
      format,
      timeZone,
      signal,
      options,
      earlier: request.earlier,
      ...(onProgress && { onProgress: (done, total) => onProgress(each, done, total) }),
    });
    if (summary === undefined) return { state: 'absent' };
    const damages = backup.damages.filter((note) => !toldBefore.has(note) && !summary.notes.includes(note));
    return { state: 'done', summary: { ...summary, notes: [...damages, ...summary.notes] }, format };
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) return { state: 'unreadable', problem: error.message };
    throw error;
  }
}

function lazyFolder(folder: ExportFolder, title: string): { open: () => ExportFolder; path: () => string } {
  let own: ExportFolder | undefined;
  return {
    open: () => (own ??= folder.within(title)),
    path: () => own?.dir.slice(folder.dir.length + 1).replaceAll('\\', '/') ?? title,
  };
}
