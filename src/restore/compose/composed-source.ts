import { encryptedSize } from '../../keybag/index.ts';
import type { TargetFile } from '../../shared/target/backup-target.ts';
import { folderSource, type BackupSource, type FileIdSet } from '../../snapshot/index.ts';
import { passedChunks, type FreshKeys } from './carry.ts';

/** Files that a composed backup has from elsewhere than from the device's own backup. */
export interface TakenFiles {
  /** From the older backup, as they are stored there. */
  readonly asStored: FileIdSet;
  /** From the older backup, encrypted on the way with keys of their own. */
  readonly encrypted: FileIdSet;
  readonly fresh: FreshKeys;
  /** From the older backup, decrypted on the way: what with, and the size afterwards. */
  readonly decrypted: ReadonlyMap<string, { readonly key: Buffer; readonly sizeBytes: number }>;
  /** Without any content. */
  readonly empty: ReadonlySet<string>;
}

export interface ComposedParts {
  readonly current: BackupSource;
  readonly older: BackupSource;
  readonly taken: TakenFiles;
  /** Lists that are held in memory, by name. */
  readonly lists: ReadonlyMap<string, Buffer>;
  /** The folder that has Manifest.db. */
  readonly dir: string;
}

const LIST_NAME = 'Manifest.db';
/** Where the content of a file lies since iOS 10. */
const CONTENT = /^[0-9a-f]{2}\/([0-9a-f]{40})$/;

/** A composed backup as bytes that can be read: nothing of it is copied beforehand but its lists. */
export function composedSource({ current, older, taken, lists, dir }: ComposedParts): BackupSource {
  const folder = folderSource(dir);
  /** Which backup has the bytes of a path as they are; undefined where they change on the way. */
  const holderOf = (path: string): BackupSource | undefined => {
    if (path === LIST_NAME) return folder;
    if (lists.has(path)) return undefined;
    const id = CONTENT.exec(path)?.[1];
    if (id === undefined) return current;
    if (taken.asStored.has(id)) return older;
    return taken.encrypted.has(id) || taken.decrypted.has(id) || taken.empty.has(id) ? undefined : current;
  };
  return {
    read: (path) => holderOf(path)?.read(path) ?? changed(path, { older, taken, lists }),
    localPath: (path) => holderOf(path)?.localPath?.(path),
    plainCopy: async (path) => holderOf(path)?.plainCopy?.(path),
  };
}

function changed(
  path: string,
  { older, taken, lists }: Pick<ComposedParts, 'older' | 'taken' | 'lists'>,
): TargetFile | Promise<TargetFile> {
  const list = lists.get(path);
  if (list !== undefined) return { sizeBytes: list.length, chunks: () => inOrder(list) };
  const id = CONTENT.exec(path)?.[1] ?? '';
  if (taken.empty.has(id)) return { sizeBytes: 0, chunks: () => inOrder(Buffer.alloc(0)) };
  return passed(path, id, older, taken);
}

async function passed(path: string, id: string, older: BackupSource, taken: TakenFiles): Promise<TargetFile> {
  const stored = await older.read(path);
  const opened = taken.decrypted.get(id);
  const passage = opened
    ? ({ kind: 'decrypt', key: opened.key } as const)
    : ({ kind: 'encrypt', key: taken.fresh.keyOf(id) } as const);
  return {
    sizeBytes: opened?.sizeBytes ?? encryptedSize(stored.sizeBytes),
    chunks: () => passedChunks(stored.chunks(), passage),
  };
}

const CHUNK_BYTES = 1024 * 1024;

// oxlint-disable-next-line eslint/require-await -- what it is read from decides how it is read, not how it is used
async function* inOrder(bytes: Buffer): AsyncGenerator<Uint8Array, undefined> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}
