import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TakeOut, TakeOutFormats, TakeOutRequest } from '../../../contract/index.ts';
import {
  ExportFolder,
  loadContentExports,
  takeOut,
  type ContentExport,
  type TakenOutKind,
} from '../../../export/index.ts';
import { AppError, isAppError } from '../../../shared/errors.ts';
import { safeName } from '../../../shared/text/safe-name.ts';
import { messagesIn } from '../kinds.ts';
import { findConversation } from '../messages/conversation-list.ts';
import type { PictureShop } from '../pictures/picture-shop.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandKind } from '../values.ts';
import type { Visitor } from '../visitor.ts';
import { keyOfWhatsAppChat } from '../whatsapp/whatsapp-chats.ts';
import { zoneOf } from '../zone.ts';
import { chosenFiles, chosenPhotos, folderFiles } from './zip-sources.ts';
import { takeOutFolder } from './left-take-outs.ts';
import { zipStream, type ZipFile, type ZipProgress } from './zip-stream.ts';
import { makeFolders } from '../../../shared/files/make-folders.ts';

/** Kinds that hold passwords in the clear are taken out by the command line alone. */
const NOT_HERE: ReadonlySet<string> = new Set(['keychain', 'wifi']);
/** What nobody fetches goes. */
const KEPT_MS = 15 * 60_000;
const MAX_AT_ONCE = 4;

interface Running {
  told: TakeOut;
  readonly visitorId: string;
  readonly unlocked: Unlocked;
  readonly stop: AbortController;
  readonly progress: ZipProgress;
  readonly folder: string | undefined;
  readonly files: () => AsyncIterable<ZipFile>;
  /** By the clock of `Browsing`. */
  changedMs: number;
}

/** What people take out through the web: as zips. */
export class TakeOuts {
  readonly #dir: string;
  readonly #pictures: PictureShop;
  readonly #now: () => number;
  readonly #running = new Map<string, Running>();

  constructor(stateDir: string, pictures: PictureShop, now: () => number) {
    this.#dir = takeOutFolder(stateDir);
    this.#pictures = pictures;
    this.#now = now;
  }

  /** @throws {AppError} TOO_MANY_TRIES when too many are on their way, USAGE, CONTENT_NOT_FOUND */
  async start(visitor: Visitor, unlocked: Unlocked, request: TakeOutRequest): Promise<TakeOut> {
    const own = [...this.#running.values()].filter(({ visitorId }) => visitorId === visitor.id);
    if (own.filter(({ told }) => told.state === 'running' || told.state === 'ready').length >= MAX_AT_ONCE) {
      throw new AppError('TOO_MANY_TRIES', 'several things are being taken out already', {
        hint: 'Load them or stop them first.',
      });
    }
    const id = randomUUID();
    const isOnDisk = request.what === 'kinds';
    const folder = isOnDisk ? join(this.#dir, id) : undefined;
    const told: TakeOut = {
      id,
      state: isOnDisk ? 'running' : 'ready',
      startedAt: new Date(this.#now()).toISOString(),
      notes: [],
      name: nameOf(unlocked, request),
      onDisk: isOnDisk,
    };
    const running: Running = {
      told,
      visitorId: visitor.id,
      unlocked,
      stop: new AbortController(),
      progress: { files: 0, bytes: 0 },
      folder,
      files: () => filesOf(unlocked, this.#pictures, request, folder),
      changedMs: this.#now(),
    };
    if (request.what === 'kinds') {
      const chosen = await chosenKinds(unlocked, request);
      void this.#write(running, request, chosen);
    }
    this.#running.set(id, running);
    unlocked.signal.addEventListener('abort', () => this.#end(id), { once: true });
    return this.#tell(running);
  }

  state(visitor: Visitor, id: string): TakeOut {
    return this.#tell(this.#find(visitor, id));
  }

  /** Those on the disk that are being made or wait to be loaded, the newest first. */
  open(visitor: Visitor, { record }: Unlocked): TakeOut[] {
    return [...this.#running.values()]
      .filter(({ visitorId, unlocked }) => visitorId === visitor.id && unlocked.record.id === record.id)
      .filter(({ told: { onDisk, state } }) => onDisk && (state === 'running' || state === 'ready'))
      .map((running) => this.#tell(running))
      .toReversed();
  }

  /** Stops it and removes what it has made. */
  stop(visitor: Visitor, id: string): void {
    this.#find(visitor, id);
    this.#end(id);
  }

  /**
   * The zip, while it is made. When it has been read to its end, what was on the disk is removed.
   *
   * @throws {AppError} NOT_FOUND, DEVICE_BUSY while it is not ready
   */
  zip(visitor: Visitor, id: string): { name: string; chunks: AsyncIterable<Uint8Array>; unlocked: Unlocked } {
    const running = this.#find(visitor, id);
    const { told, unlocked, progress } = running;
    if (told.state !== 'ready') {
      throw new AppError('CONTENT_NOT_FOUND', 'this is not ready to be loaded, or was loaded before');
    }
    running.changedMs = this.#now();
    return {
      name: `${told.name}.zip`,
      chunks: this.#fetched(running, zipStream(running.files(), progress, told.notes)),
      unlocked,
    };
  }

  /** Removes what nobody has fetched. */
  sweep(): void {
    for (const [id, { changedMs, told }] of this.#running) {
      if (told.state !== 'running' && this.#now() - changedMs > KEPT_MS) this.#end(id);
    }
  }

  [Symbol.dispose](): void {
    for (const id of this.#running.keys()) this.#end(id);
  }

  async *#fetched(running: Running, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
    for await (const chunk of chunks) {
      running.changedMs = this.#now();
      yield chunk;
    }
    running.told = { ...running.told, state: 'fetched' };
    if (running.folder !== undefined) rmSync(running.folder, { recursive: true, force: true });
  }

  async #write(
    running: Running,
    request: Extract<TakeOutRequest, { what: 'kinds' }>,
    chosen: ChosenKinds,
  ): Promise<void> {
    const { unlocked, stop, folder = '' } = running;
    const signal = AbortSignal.any([stop.signal, unlocked.signal]);
    try {
      using _lease = unlocked.lease();
      makeFolders(this.#dir, 0o700);
      const taken = await takeOut({
        backup: unlocked.backup,
        kinds: chosen.kinds,
        format: request.format,
        folder: await ExportFolder.create(folder),
        timeZone: zoneOf(request.timeZone),
        signal,
        options: chosen.options,
        onProgress: (kind, done, total) => {
          // How far the kind before was is nothing of this one.
          const { fraction: _before, ...told } = running.told;
          running.told = {
            ...told,
            step: kind.title,
            stepKind: kind.kind,
            ...(total !== undefined && { fraction: Math.min(1, done / Math.max(1, total)) }),
          };
        },
      });
      signal.throwIfAborted();
      running.told = { ...running.told, state: 'ready', fraction: 1, notes: notesOf(taken) };
    } catch (error) {
      const problem = isAppError(error)
        ? error.message
        : signal.aborted
          ? undefined
          : 'it failed in a way it should not have';
      running.told = {
        ...running.told,
        state: signal.aborted ? 'cancelled' : 'failed',
        ...(problem !== undefined && { problem }),
      };
      rmSync(folder, { recursive: true, force: true });
    }
    running.changedMs = this.#now();
  }

  #tell({ told, progress, unlocked }: Running): TakeOut {
    const { files, bytes } = progress;
    const url = `/api/v1/snapshots/${unlocked.record.id}/take-out/${told.id}/zip`;
    return { ...told, ...(files > 0 && { files, bytes }), ...(told.state === 'ready' && { url }) };
  }

  #find(visitor: Visitor, id: string): Running {
    const running = this.#running.get(id);
    if (running?.visitorId === visitor.id) return running;
    throw new AppError('CONTENT_NOT_FOUND', 'nothing of this name is being taken out');
  }

  #end(id: string): void {
    const running = this.#running.get(id);
    this.#running.delete(id);
    running?.stop.abort(new AppError('CANCELLED', 'it was stopped'));
    if (running?.folder !== undefined) rmSync(running.folder, { recursive: true, force: true });
  }
}

/** What can be taken out through the web, and in which formats. */
export async function takeOutFormats(): Promise<TakeOutFormats> {
  const exports = (await loadContentExports()).filter(({ kind }) => !NOT_HERE.has(kind));
  return { kinds: exports.map(({ kind, title, formats }) => ({ kind, title, formats: [...formats] })) };
}

interface ChosenKinds {
  readonly kinds: readonly ContentExport[];
  readonly options: Parameters<typeof takeOut>[0]['options'];
}

async function chosenKinds(
  unlocked: Unlocked,
  request: Extract<TakeOutRequest, { what: 'kinds' }>,
): Promise<ChosenKinds> {
  const exports = await loadContentExports();
  const kinds = request.kinds.map((wanted) => {
    const found = NOT_HERE.has(wanted) ? undefined : exports.find(({ kind }) => kind === wanted);
    if (found !== undefined) return found;
    throw new AppError('USAGE', 'nothing of this kind can be taken out here', {
      hint: 'Passwords are taken out with `holdfast extract` on the computer itself.',
    });
  });
  zoneOf(request.timeZone);
  const { from, until, conversation } = request;
  return {
    kinds,
    options: {
      ...(from !== undefined && { from: new Date(from) }),
      ...(until !== undefined && { until: new Date(until) }),
      ...(conversation !== undefined && (await onlyOne(unlocked, request.kinds, conversation))),
      jpegCopies: request.jpegCopies,
    },
  };
}

async function onlyOne(
  unlocked: Unlocked,
  kinds: readonly string[],
  conversation: string,
): Promise<Pick<NonNullable<ChosenKinds['options']>, 'conversations' | 'chats'>> {
  if (kinds.includes('whatsapp') && !kinds.includes('messages')) {
    return { chats: [await keyOfWhatsAppChat(unlocked, conversation)] };
  }
  const messages = demandKind(await messagesIn(unlocked), 'messages');
  return { conversations: [findConversation(messages, conversation).key] };
}

function filesOf(
  unlocked: Unlocked,
  pictures: PictureShop,
  request: TakeOutRequest,
  folder: string | undefined,
): AsyncIterable<ZipFile> {
  if (request.what === 'files') return chosenFiles(unlocked, request);
  if (request.what === 'photos') return chosenPhotos(unlocked, pictures, request);
  return folderFiles(folder ?? '');
}

function notesOf(taken: readonly TakenOutKind[]): string[] {
  return taken.flatMap(({ title, result }) => {
    if (result.state === 'done') return [...result.summary.notes];
    return [result.state === 'absent' ? `${title}: this version has none.` : `${title}: ${result.problem}`];
  });
}

function nameOf({ record }: Unlocked, request: TakeOutRequest): string {
  const what =
    request.what === 'kinds' && request.kinds.length === 1
      ? request.kinds[0]
      : request.what === 'kinds'
        ? 'content'
        : request.what;
  return safeName(`${record.device.name} ${record.takenAt.toISOString().slice(0, 10)} ${what}`);
}
