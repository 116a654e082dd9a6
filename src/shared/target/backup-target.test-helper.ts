/**
 * What every BackupTarget must do, as tests. An implementation's own test file calls `describeBackupTarget` with a
 * way to open an empty one.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BackupTarget } from './backup-target.ts';
import { holdsLikeAPlainTree } from './backup-target-model.test-helper.ts';
import { fails, namesIn, put, type TargetUnderTest, textOf, treeOf } from './backup-target-tree.test-helper.ts';

export function describeBackupTarget(name: string, open: () => Promise<TargetUnderTest>): void {
  const check = (what: string, body: (target: BackupTarget, udid: string) => Promise<void>): void => {
    test(what, async () => {
      const opened = await open();
      try {
        await body(opened.target, opened.udid);
      } finally {
        await opened.close();
      }
    });
  };

  describe(`${name}: files`, () => {
    check('returns what was written in pieces', async (target, u) => {
      await put(target, `${u}/ab/file`, ['one ', '', 'two ', 'three']);
      assert.equal(await textOf(target, `${u}/ab/file`), 'one two three');
    });

    check('keeps an empty file as a file', async (target, u) => {
      await put(target, `${u}/empty`, []);
      assert.equal((await target.read(`${u}/empty`)).sizeBytes, 0);
      assert.equal(await textOf(target, `${u}/empty`), '');
    });

    check('keeps files of any size, in chunks of at most 1 MiB', async (target, u) => {
      for (const sizeBytes of [1, 4096, 128 * 1024, 128 * 1024 + 1, 3 * 1024 * 1024 + 7]) {
        const content = patternOf(sizeBytes);
        await put(target, `${u}/size/${sizeBytes}`, [
          content.subarray(0, sizeBytes >> 1),
          content.subarray(sizeBytes >> 1),
        ]);
        const file = await target.read(`${u}/size/${sizeBytes}`);
        const chunks: Buffer[] = [];
        for await (const chunk of file.chunks()) {
          assert.ok(chunk.length <= 1024 * 1024);
          chunks.push(Buffer.from(chunk));
        }
        assert.equal(file.sizeBytes, sizeBytes);
        assert.ok(Buffer.concat(chunks).equals(content));
      }
    });

    check('does not keep the memory a piece came in', async (target, u) => {
      const sink = await target.create(`${u}/reused`);
      const memory = Buffer.alloc(4);
      for (const piece of ['aaaa', 'bbbb']) {
        memory.write(piece);
        await sink.write(memory);
      }
      memory.fill(0);
      await sink.finish();
      assert.equal(await textOf(target, `${u}/reused`), 'aaaabbbb');
    });

    check('shows nothing of a file before it is finished', async (target, u) => {
      await put(target, `${u}/file`, ['old']);
      const sink = await target.create(`${u}/file`);
      await sink.write(Buffer.from('new'));
      assert.equal(await textOf(target, `${u}/file`), 'old');
      assert.deepEqual(await namesIn(target, u), ['file']);
      await sink.finish();
      assert.equal(await textOf(target, `${u}/file`), 'new');
    });

    check('forgets a file that is discarded', async (target, u) => {
      await put(target, `${u}/kept`, ['old']);
      for (const file of ['kept', 'never']) {
        const sink = await target.create(`${u}/${file}`);
        await sink.write(patternOf(300_000));
        await sink.discard();
      }
      assert.deepEqual(await treeOf(target, u), new Map([[`${u}/kept`, 'old']]));
    });

    check('says which files it does not have', async (target, u) => {
      await target.makeDirectory(u);
      await target.makeDirectory(`${u}/ab`);
      await fails(() => target.read(`${u}/missing`), 'not-found');
      await fails(() => target.read(`${u}/nowhere/missing`), 'not-found');
      await fails(() => target.read(`${u}/ab`), 'is-a-directory');
    });

    check('does not let a file take the place of a directory', async (target, u) => {
      await put(target, `${u}/ab/file`, ['inside']);
      await fails(async () => put(target, `${u}/ab`, ['file']), 'is-a-directory');
      assert.equal(await textOf(target, `${u}/ab/file`), 'inside');
    });
  });

  describe(`${name}: directories`, () => {
    check('lists the entries of one directory with their sizes and times', async (target, u) => {
      const before = Date.now();
      await put(target, `${u}/ab/x`, ['12345']);
      await put(target, `${u}/ab/below/y`, ['1']);
      const entries = await target.list(`${u}/ab`);
      assert.deepEqual(
        new Map(entries.map((entry) => [entry.name, entry.kind])),
        new Map([
          ['below', 'directory'],
          ['x', 'file'],
        ]),
      );
      const file = entries.find((entry) => entry.name === 'x');
      assert.equal(file?.sizeBytes, 5);
      assert.ok(file !== undefined && Math.abs(file.modifiedAt.getTime() - before) < 60_000);
    });

    check('says which directories it does not have', async (target, u) => {
      await put(target, `${u}/file`, ['x']);
      await fails(() => target.list(`${u}/missing`), 'not-found');
      await fails(() => target.list(`${u}/file`), 'not-a-directory');
    });

    check('makes a directory again without complaint, and none in the place of a file', async (target, u) => {
      await target.makeDirectory(u);
      await target.makeDirectory(`${u}/ab`);
      await put(target, `${u}/ab/x`, ['x']);
      await target.makeDirectory(`${u}/ab`);
      assert.deepEqual(await namesIn(target, `${u}/ab`), ['x']);
      await fails(() => target.makeDirectory(`${u}/ab/x`), 'exists');
    });

    check('removes files, whole directories, and what is not there', async (target, u) => {
      await put(target, `${u}/Snapshot/ab/x`, ['x']);
      await put(target, `${u}/Snapshot/cd/y`, ['y']);
      await put(target, `${u}/SnapshotNot`, ['z']);
      await target.remove(`${u}/Snapshot/ab/x`);
      await target.remove(`${u}/Snapshot/ab/x`);
      await target.remove(`${u}/Snapshot`);
      await target.remove(`${u}/Snapshot`);
      assert.deepEqual(await namesIn(target, u), ['SnapshotNot']);
    });
  });

  describe(`${name}: moving and copying`, () => {
    check('moves a file over another', async (target, u) => {
      await put(target, `${u}/Snapshot/ab/x`, ['new']);
      await put(target, `${u}/ab/x`, ['old']);
      await target.move(`${u}/Snapshot/ab/x`, `${u}/ab/x`);
      assert.equal(await textOf(target, `${u}/ab/x`), 'new');
      await fails(() => target.read(`${u}/Snapshot/ab/x`), 'not-found');
    });

    check('moves into a directory that does not exist yet', async (target, u) => {
      await put(target, `${u}/Snapshot/ab/x`, ['new']);
      await target.move(`${u}/Snapshot/ab/x`, `${u}/ab/x`);
      assert.equal(await textOf(target, `${u}/ab/x`), 'new');
    });

    check('moves a directory with all in it, in the place of another', async (target, u) => {
      await put(target, `${u}/from/a`, ['a']);
      await put(target, `${u}/from/below/b`, ['b']);
      await put(target, `${u}/to/c`, ['c']);
      await target.move(`${u}/from`, `${u}/to`);
      assert.deepEqual(
        await treeOf(target, u),
        new Map([
          [`${u}/to`, null],
          [`${u}/to/a`, 'a'],
          [`${u}/to/below`, null],
          [`${u}/to/below/b`, 'b'],
        ]),
      );
    });

    check('does not move what is not there', async (target, u) => {
      await put(target, `${u}/to`, ['kept']);
      await fails(() => target.move(`${u}/missing`, `${u}/to`), 'not-found');
      assert.equal(await textOf(target, `${u}/to`), 'kept');
    });

    check('loses nothing when something is moved into or out of itself', async (target, u) => {
      await put(target, `${u}/a/b/file`, ['x']);
      await target.move(`${u}/a/b/file`, `${u}/a/b/file`);
      await fails(() => target.move(`${u}/a`, `${u}/a/b/c`), 'invalid-path');
      await fails(() => target.move(`${u}/a/b`, `${u}/a`), 'invalid-path');
      assert.equal(await textOf(target, `${u}/a/b/file`), 'x');
    });

    check('copies files and whole directories', async (target, u) => {
      await put(target, `${u}/from/a`, ['a']);
      await put(target, `${u}/from/below/b`, ['b']);
      await target.copy(`${u}/from/a`, `${u}/single`);
      await target.copy(`${u}/from`, `${u}/to`);
      await put(target, `${u}/from/a`, ['changed']);
      assert.equal(await textOf(target, `${u}/single`), 'a');
      assert.equal(await textOf(target, `${u}/to/a`), 'a');
      assert.equal(await textOf(target, `${u}/to/below/b`), 'b');
      await fails(() => target.copy(`${u}/missing`, `${u}/x`), 'not-found');
    });
  });

  describe(`${name}: what a hostile device might try`, () => {
    for (const [what, pathIn] of HOSTILE_PATHS) {
      check(`refuses ${what} in every operation`, async (target, u) => {
        await put(target, `${u}/file`, ['kept']);
        const path = pathIn(u);
        await fails(() => target.read(path), 'invalid-path');
        await fails(() => put(target, path, ['x']), 'invalid-path');
        await fails(() => target.list(path), 'invalid-path');
        await fails(() => target.makeDirectory(path), 'invalid-path');
        await fails(() => target.move(path, `${u}/to`), 'invalid-path');
        await fails(() => target.move(`${u}/file`, path), 'invalid-path');
        await fails(() => target.remove(path), 'invalid-path');
        await fails(() => target.copy(path, `${u}/to`), 'invalid-path');
        await fails(() => target.copy(`${u}/file`, path), 'invalid-path');
        assert.deepEqual(await treeOf(target, u), new Map([[`${u}/file`, 'kept']]));
      });
    }

    check('takes names that mean something to JavaScript for names', async (target, u) => {
      for (const word of ['__proto__', 'constructor', 'toString']) await put(target, `${u}/${word}`, [word]);
      assert.deepEqual(await namesIn(target, u), ['__proto__', 'constructor', 'toString']);
      assert.equal(await textOf(target, `${u}/__proto__`), '__proto__');
    });
  });

  check(`${name}: tells how much space there is`, async (target) => {
    const freeBytes = await target.freeBytes();
    assert.ok(Number.isFinite(freeBytes) && freeBytes >= 0);
  });

  test(`${name}: holds after any sequence of operations what a plain tree would hold`, async () => {
    await holdsLikeAPlainTree(open);
  });
}

const HOSTILE_PATHS: readonly (readonly [string, (udid: string) => string])[] = [
  ['a path that climbs out', (u) => `${u}/../../escape`],
  ['a path that climbs out and comes back', (u) => `${u}/../${u}/file`],
  ['a path that climbs out of its own directory', () => '../escape'],
  ['an absolute path', () => '/tmp/escape'],
  ['an empty path', () => ''],
  ['a path of nothing but dots', () => './.'],
  ['a backslash', (u) => `${u}\\..\\escape`],
  ['a drive letter', () => 'C:/escape'],
  ['a NUL', (u) => `${u}/a\0b`],
  ['a line break', (u) => `${u}/a\nb`],
  ['another device', () => '0000000000000000000000000000000000000bad/file'],
  ['a name that merely begins like the device', (u) => `${u}x/file`],
  ['a name longer than file systems take', (u) => `${u}/${'n'.repeat(300)}`],
];

function patternOf(sizeBytes: number): Buffer {
  return Buffer.alloc(sizeBytes, 'holdfast ');
}
