import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { UNSYNCED_DISK } from '../vault.test-helper.ts';
import { BaseShelf } from './base-text.ts';
import type { PlacedEntry } from './list-file.ts';
import { compareUtf8 } from './list-path.ts';
import { ListSource } from './list-source.ts';
import { ListStore } from './list-store.ts';

/** Content by path. */
type Tree = ReadonlyMap<string, string>;

/** Versions of a backup; each after the first has so many files changed. */
export function versions(count: number, changes: number, files = 800): Tree[] {
  const tree = new Map(
    Array.from({ length: files }, (_, n) => [`${n % 8}0/${createHash('sha1').update(`${n}`).digest('hex')}`, `${n}`]),
  );
  const paths = [...tree.keys()];
  return Array.from({ length: count }, (_, version) => {
    if (version > 0) for (let n = 0; n < changes; n++) tree.set(paths[n * 2] ?? '', `${version} of ${n}`);
    return new Map(tree);
  });
}

export async function writeAll(store: ListStore, trees: readonly Tree[]): Promise<string[]> {
  const names: string[] = [];
  for (const tree of trees) {
    const { sha256 } = await store.write((writer) => {
      for (const { directory, entry } of entriesOf(tree)) writer.add(directory, entry);
    });
    names.push(sha256);
  }
  return names;
}

function entriesOf(tree: Tree): PlacedEntry[] {
  return [...tree]
    .toSorted(([a], [b]) => compareUtf8(a, b))
    .map(([path, content]) => {
      const [directory = '', name = ''] = path.split('/');
      const sha256 = createHash('sha256').update(content).digest('hex');
      return { directory, entry: { kind: 'file', name, sizeBytes: content.length, sha256 } };
    });
}

export function read(store: ListStore, sha256: string): PlacedEntry[] {
  using list = store.open(sha256);
  return [...list.entries()];
}

export function textOf(store: ListStore, sha256: string): Buffer {
  using shelf = new BaseShelf();
  using list = ListSource.openEither(store.pathOf(sha256), sha256, shelf);
  return Buffer.concat(Array.from(list.blocks(), ({ text }) => text));
}

export function overwrite(path: string, bytes: Uint8Array): void {
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
}

export function storeFor(t: TestContext): { readonly store: ListStore; readonly dir: string } {
  const vault = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(vault, { recursive: true }));
  return { store: new ListStore(vault, UNSYNCED_DISK), dir: join(vault, 'lists') };
}
