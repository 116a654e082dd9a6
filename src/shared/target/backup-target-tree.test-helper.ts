/** Small ways of filling, reading and refusing that the tests of targets share. */
import assert from 'node:assert/strict';
import { type BackupTarget, TargetError, type TargetErrorReason } from './backup-target.ts';

export interface TargetUnderTest {
  readonly target: BackupTarget;
  /** The directory the target was made for; it may or may not exist at first. */
  readonly udid: string;
  /** Checks that nothing outside the target was touched, and cleans up. */
  close(): Promise<void>;
}

/** Paths in order, with the content of files and null for directories. */
export type Tree = Map<string, string | null>;

export async function put(target: BackupTarget, path: string, pieces: readonly (string | Buffer)[]): Promise<void> {
  const sink = await target.create(path);
  for (const piece of pieces) await sink.write(Buffer.from(piece));
  await sink.finish();
}

export async function textOf(target: BackupTarget, path: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of (await target.read(path)).chunks()) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

export async function namesIn(target: BackupTarget, path: string): Promise<string[]> {
  return (await target.list(path)).map((entry) => entry.name).toSorted();
}

/** Everything below `root`: the content of files, null for directories. */
export async function treeOf(target: BackupTarget, root: string): Promise<Tree> {
  const tree: Tree = new Map();
  for (const entry of await target.list(root)) {
    const path = `${root}/${entry.name}`;
    tree.set(path, entry.kind === 'directory' ? null : await textOf(target, path));
    if (entry.kind === 'directory') for (const [below, content] of await treeOf(target, path)) tree.set(below, content);
  }
  return sortedTree(tree);
}

export function sortedTree(tree: Tree): Tree {
  return new Map([...tree].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export async function fails(work: () => unknown, reason: TargetErrorReason): Promise<void> {
  await assert.rejects(
    async () => await work(),
    (error: unknown) => {
      if (!(error instanceof TargetError)) throw error;
      assert.equal(error.reason, reason, error.message);
      return true;
    },
  );
}
