/** The operations on the host's folder that carry no file content: one message, one status. */
import {
  asDictionary,
  dateAt,
  PlistReal,
  stringAt,
  valueAt,
  type PlistDictionary,
  type PlistValue,
} from '../../../formats/index.ts';
import { errorOfStatus, AgentError, MB_ERROR } from '../agent-error.ts';
import type { HostLink } from './host-link.ts';
import { DL_STATUS, parseMultiStatus, type StatusAnswer } from './messages.ts';

/** Below this DeviceLink version the older names are used for moving and removing. */
const VERSION_OF_ITEM_NAMES = 200;

/** An entry of the host's folder: whether it is a directory. */
export type Listing = ReadonlyMap<string, { readonly isDirectory: boolean }>;

/** The entries of one directory; empty when it is not there. @throws {AgentError} @throws {HostGone} */
export async function listDirectory(link: HostLink, path: string): Promise<Listing> {
  link.send('DLContentsOfDirectory', path, {}, new PlistReal(0));
  const answer = await link.status();
  if (answer.code === DL_STATUS.notFound) return new Map();
  if (answer.code !== DL_STATUS.ok) throw errorOfStatus(answer.code, `Error listing ${path}`);
  const entries = asDictionary(answer.value);
  if (entries === undefined) {
    link.report('devicelink.listing', `the listing of ${path} is no dictionary`);
    throw new AgentError(MB_ERROR.malformed, `Listing of ${path} is not a dictionary`);
  }
  const listing = new Map<string, { isDirectory: boolean }>();
  for (const name of Object.keys(entries)) listing.set(name, entryOf(link, path, name, entries));
  return listing;
}

/** @throws {AgentError} unless the directory is there afterwards. @throws {HostGone} */
export async function createDirectory(link: HostLink, path: string, progress: number): Promise<void> {
  link.send('DLMessageCreateDirectory', path, {}, new PlistReal(progress));
  const code = codeForOne(link, await link.done('DLMessageCreateDirectory'), path);
  if (code !== DL_STATUS.ok && code !== DL_STATUS.exists) throw errorOfStatus(code, 'Error creating directory');
}

/**
 * Moves, in the order given, replacing what is there.
 *
 * @returns the sources that were not moved, with their status; all when the host names none.
 * @throws {HostGone}
 */
export async function moveItems(
  link: HostLink,
  moves: ReadonlyMap<string, string>,
  progress: number,
): Promise<Map<string, number>> {
  const name = link.version < VERSION_OF_ITEM_NAMES ? 'DLMessageMoveFiles' : 'DLMessageMoveItems';
  link.send(name, Object.fromEntries(moves), {}, new PlistReal(progress));
  return failures(link, await link.done(name), [...moves.keys()]);
}

/** Removes files and directories with all in them. @returns what is still there, with its status. @throws {HostGone} */
export async function removeItems(
  link: HostLink,
  paths: readonly string[],
  progress: number,
): Promise<Map<string, number>> {
  const name = link.version < VERSION_OF_ITEM_NAMES ? 'DLMessageRemoveFiles' : 'DLMessageRemoveItems';
  link.send(name, [...paths], {}, new PlistReal(progress));
  const failed = failures(link, await link.done(name), paths);
  for (const [path, status] of failed) if (status === DL_STATUS.notFound) failed.delete(path);
  return failed;
}

/** Copies a file, or a directory with all in it. @throws {AgentError} @throws {HostGone} */
export async function copyItem(link: HostLink, from: string, to: string, sizeBytes: number): Promise<void> {
  link.send('DLMessageCopyItem', from, to, {}, new PlistReal(0), sizeBytes);
  const code = codeForOne(link, await link.done('DLMessageCopyItem'), from);
  if (code !== DL_STATUS.ok) throw errorOfStatus(code, `Error copying ${from}`);
}

/** Bytes free on the computer; undefined when it does not say. @throws {HostGone} */
export async function freeDiskBytes(link: HostLink): Promise<number | undefined> {
  link.send('DLMessageGetFreeDiskSpace');
  return numberOf(link, await link.status(), 'devicelink.free-space');
}

/** Asks the computer to make room. Whatever it answers, the phone looks at the free space again. @throws {HostGone} */
export async function purgeDiskBytes(link: HostLink, bytes: number): Promise<void> {
  link.send('DLMessagePurgeDiskSpace', bytes, 4);
  numberOf(link, await link.status(), 'devicelink.purge');
}

function failures(link: HostLink, answer: StatusAnswer, asked: readonly string[]): Map<string, number> {
  if (answer.code === DL_STATUS.ok) return new Map();
  if (answer.code !== DL_STATUS.multiStatus) return new Map(asked.map((path) => [path, answer.code]));
  const known = new Set(asked);
  return link.checked(() => parseMultiStatus(answer.value, (path) => known.has(path)));
}

/**
 * The status of an operation on one item. A multi-status is only understood there when it has one key, the path.
 */
function codeForOne(link: HostLink, { code, value }: StatusAnswer, path: string): number {
  if (code !== DL_STATUS.multiStatus) return code;
  const told = link.checked(() => parseMultiStatus(value, (each) => each === path));
  return told.get(path) ?? DL_STATUS.generic;
}

const FILE_TYPES: ReadonlySet<unknown> = new Set(['DLFileTypeRegular', 'DLFileTypeDirectory', 'DLFileTypeUnknown']);

/** What a listing says of one name. What is wrong with it makes the item one of unknown type to an iPhone. */
function entryOf(link: HostLink, path: string, name: string, entries: PlistDictionary): { isDirectory: boolean } {
  const facts = asDictionary(entries[name]);
  const flaw = flawOf(name, facts);
  if (flaw !== undefined) {
    link.report('devicelink.listing', `the entry ${JSON.stringify(name)} of ${path} has ${flaw}`);
  }
  return { isDirectory: stringAt(facts, 'DLFileType') === 'DLFileTypeDirectory' };
}

function flawOf(name: string, facts: PlistDictionary | undefined): string | undefined {
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) return 'a name that no item has';
  if (facts === undefined) return 'no dictionary';
  if (!FILE_TYPES.has(valueAt(facts, 'DLFileType'))) return 'no DLFileType, or one that there is not';
  if (!isSize(valueAt(facts, 'DLFileSize'))) return 'no DLFileSize, or one that is no size';
  if (dateAt(facts, 'DLFileModificationDate') === undefined) return 'no DLFileModificationDate, or one that is no date';
  return undefined;
}

function isSize(value: PlistValue | undefined): boolean {
  return typeof value === 'bigint' ? value >= 0n : Number.isInteger(value) && Number(value) >= 0;
}

/** The integer that was asked for; undefined when the host does not tell. */
function numberOf(link: HostLink, { code, value }: StatusAnswer, rule: string): number | undefined {
  if (code !== DL_STATUS.ok) return undefined;
  if (isSize(value)) return Number(value);
  link.report(rule, 'the answer is no number of bytes');
  return undefined;
}
