import type { Manifest } from '../manifest/manifest.ts';
import { listedFile, PAUSE_EVERY, runThrough, type ListedFile, ignore, type OnProblem } from './listed-file.ts';
import { foldName } from './names.ts';

/** A name in a folder, with what lies below it where it is a folder itself. */
export interface FolderItem extends ListedFile {
  /** The last name of the path. */
  readonly name: string;
  /** Files below a folder at any depth, and their sizes together. */
  readonly filesBelow: number;
  readonly bytesBelow: number;
}

interface Draft {
  listed: ListedFile | undefined;
  filesBelow: number;
  bytesBelow: number;
}

/** A domain and a path in it, as `DOMAIN/PATH`. */
export interface FilePlace {
  readonly domain: string;
  /** '' for the whole domain. */
  readonly relativePath: string;
}

/** Splits what a person typed: the domain ends at the first `/`. Slashes at the end do no harm. */
export function parseFilePlace(text: string): FilePlace {
  const slash = text.indexOf('/');
  if (slash < 0) return { domain: text, relativePath: '' };
  return { domain: text.slice(0, slash), relativePath: text.slice(slash + 1).replace(/\/+$/, '') };
}

/**
 * What is directly in a folder of a backup, folders first and then by name, as people sort. Folders that hold something
 * are there even where the backup does not list them.
 *
 * @returns undefined when there is no such folder; one item when the place is a file or a link.
 */
export function listFolder(manifest: Manifest, place: FilePlace, onProblem?: OnProblem): FolderItem[] | undefined {
  return runThrough(listingFolder(manifest, place, onProblem));
}

/** The same step by step: it pauses now and then, for whoever has other things to do in between. */
export function* listingFolder(
  manifest: Manifest,
  { domain, relativePath }: FilePlace,
  onProblem: OnProblem = ignore,
): Generator<void, FolderItem[] | undefined> {
  const prefix = relativePath === '' ? '' : `${relativePath}/`;
  const items = new Map<string, Draft>();
  let itself: ListedFile | undefined;
  let isThere = false;
  let looked = 0;
  for (const entry of manifest.listing({ domain, onProblem })) {
    if (++looked % PAUSE_EVERY === 0) yield;
    isThere ||= relativePath === '';
    if (entry.relativePath === relativePath) itself = listedFile(entry);
    if (!entry.relativePath.startsWith(prefix) || entry.relativePath.length === prefix.length) continue;
    isThere = true;
    const slash = entry.relativePath.indexOf('/', prefix.length);
    const name = slash < 0 ? entry.relativePath.slice(prefix.length) : entry.relativePath.slice(prefix.length, slash);
    let item = items.get(name);
    if (item === undefined) items.set(name, (item = { listed: undefined, filesBelow: 0, bytesBelow: 0 }));
    const listed = listedFile(entry);
    if (slash < 0) item.listed = listed;
    else if (entry.kind === 'file') {
      item.filesBelow++;
      item.bytesBelow += listed.sizeBytes ?? 0;
    }
  }
  if (itself !== undefined && itself.kind !== 'directory' && items.size === 0) {
    return [
      itemOf(itself.relativePath.split('/').at(-1) ?? '', { listed: itself, filesBelow: 0, bytesBelow: 0 }, itself),
    ];
  }
  if (!isThere && itself === undefined) return undefined;
  return Array.from(items, ([name, draft]) => itemOf(name, draft, folderAt(domain, prefix + name))).toSorted(
    byKindAndName,
  );
}

function itemOf(name: string, { listed, filesBelow, bytesBelow }: Draft, unlisted: ListedFile): FolderItem {
  return { ...(listed ?? unlisted), name, filesBelow, bytesBelow };
}

function folderAt(domain: string, relativePath: string): ListedFile {
  return { domain, relativePath, kind: 'directory', sizeBytes: 0, mode: undefined, modifiedAt: undefined };
}

/** Made when it is needed: it takes 20 ms, and every command loads this file. */
let collator: Intl.Collator | undefined;

function byKindAndName(a: FolderItem, b: FolderItem): number {
  const [first, second] = [a.kind === 'directory' ? 0 : 1, b.kind === 'directory' ? 0 : 1];
  return first - second || (collator ??= new Intl.Collator('en', { numeric: true })).compare(a.name, b.name);
}

/**
 * The place that was meant, where upper and lower case or the form of accented letters were typed otherwise than the
 * phone has them.
 *
 * @returns the place itself where it exists, undefined where nothing is like it.
 */
export function resolvePlace(manifest: Manifest, place: FilePlace): FilePlace | undefined {
  if (exists(manifest, place)) return place;
  const [domain, path] = [foldName(place.domain), foldName(place.relativePath)];
  for (const entry of manifest.listing({ onProblem: () => undefined })) {
    if (foldName(entry.domain) !== domain) continue;
    const depth = place.relativePath === '' ? 0 : place.relativePath.split('/').length;
    const relativePath = entry.relativePath.split('/').slice(0, depth).join('/');
    if (foldName(relativePath) === path) return { domain: entry.domain, relativePath };
  }
  return undefined;
}

function exists(manifest: Manifest, { domain, relativePath }: FilePlace): boolean {
  if (manifest.find(domain, relativePath) !== undefined) return true;
  const prefix = relativePath === '' ? '' : `${relativePath}/`;
  return manifest
    .entries({ domain, onProblem: () => undefined })
    .some((entry) => entry.relativePath.startsWith(prefix));
}
