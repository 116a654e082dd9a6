import type { FileDomains, Folder, FolderItem as ToldItem, FolderQuery, FoundFiles } from '../../../contract/index.ts';
import { runInSlices } from '../../../shared/flow/in-slices.ts';
import {
  findingFiles,
  listingFolder,
  summarizingDomains,
  type FolderItem,
  type ListedFile,
} from '../../../snapshot/index.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandItem, isoOf, pageFrom } from '../values.ts';
import { fileToken } from './file-token.ts';
import { shownAsByName } from './media-type.ts';

/** The parts of a backup, those with the most in them first. Looked through once. */
export function listDomains(unlocked: Unlocked): Promise<FileDomains> {
  return unlocked.once('domains', async () => {
    const summaries = await runInSlices(
      summarizingDomains(unlocked.backup.manifest, () => undefined),
      unlocked.signal,
    );
    return {
      domains: summaries
        .toSorted((a, b) => b.sizeBytes - a.sizeBytes)
        .map(({ domain, title, files, sizeBytes }) => {
          const app = /^AppDomain-(.+)$/.exec(domain)?.[1];
          return { domain, title, files, bytes: sizeBytes, ...(app !== undefined && { app }) };
        }),
    };
  });
}

/** The last folder that was listed: its pages are asked for one after another. */
class LastFolder {
  #key: string | undefined;
  #items: Promise<FolderItem[] | undefined> | undefined;

  list(unlocked: Unlocked, domain: string, relativePath: string): Promise<FolderItem[] | undefined> {
    const key = `${domain}\0${relativePath}`;
    if (this.#key === key && this.#items !== undefined) return this.#items;
    const items = runInSlices(
      listingFolder(unlocked.backup.manifest, { domain, relativePath }, () => undefined),
      unlocked.signal,
    );
    [this.#key, this.#items] = [key, items];
    items.catch(() => (this.#key = undefined));
    return items;
  }
}

/** What is in a folder. @throws {AppError} CONTENT_NOT_FOUND */
export async function listFolderPage(unlocked: Unlocked, query: FolderQuery): Promise<Folder> {
  const { domain } = query;
  const path = query.path.replace(/\/+$/, '');
  const last = await unlocked.once('last folder', () => Promise.resolve(new LastFolder()));
  const items = demandItem(await last.list(unlocked, domain, path), 'folder');
  return { domain, path, ...pageFrom(items, query, tellItem) };
}

export interface FindQuery {
  readonly name: string;
  readonly domain?: string | undefined;
  readonly kind?: string | undefined;
  readonly limit: number;
}

/** Files by name or pattern, in the order of the backup's own list. @throws {AppError} USAGE for a kind nobody knows */
export async function findFilesIn(
  { backup, signal: locked }: Unlocked,
  { name, domain, kind, limit }: FindQuery,
  signal: AbortSignal,
): Promise<FoundFiles> {
  const found: ListedFile[] = [];
  const pattern = /[*?[]/.test(name) ? name : `*${name}*`;
  const query = { name: pattern, ...(domain !== undefined && { domain }), ...(kind !== undefined && { kind }) };
  const steps = findingFiles(backup.manifest, query, () => undefined);
  const isMore = await runInSlices(collect(steps, found, limit), AbortSignal.any([locked, signal]));
  return { items: found.map((file) => ({ ...tellListed(file), domain: file.domain })), isMore };
}

function* collect(
  steps: Generator<ListedFile | undefined, undefined>,
  into: ListedFile[],
  limit: number,
): Generator<void, boolean> {
  for (const file of steps) {
    if (file === undefined) yield;
    else if (into.length === limit) return true;
    else into.push(file);
  }
  return false;
}

function tellItem(item: FolderItem): ToldItem {
  return { ...tellListed(item), name: item.name, filesBelow: item.filesBelow, bytesBelow: item.bytesBelow };
}

function tellListed(file: ListedFile): ToldItem {
  const { relativePath, kind, sizeBytes, modifiedAt } = file;
  return {
    name: relativePath.split('/').at(-1) ?? '',
    kind,
    path: relativePath,
    modifiedAt: isoOf(modifiedAt),
    filesBelow: 0,
    bytesBelow: 0,
    ...(kind === 'file' && { file: fileToken(file), sizeBytes, shownAs: shownAsByName(relativePath) }),
  };
}
