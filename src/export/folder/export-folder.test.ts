import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import * as fc from 'fast-check';
import { ExportFolder } from './export-folder.ts';

let dir = '';
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'holdfast-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const target = (): string => join(dir, 'out');

describe('an export folder', () => {
  test('is made with all above it, and only its owner can look into it', async () => {
    await ExportFolder.create(join(target(), 'deeper'));
    assert.equal(statSync(join(target(), 'deeper')).mode & 0o777, 0o700);
  });

  test('is not one that holds something else', async () => {
    mkdirSync(target());
    writeFileSync(join(target(), 'thesis.txt'), 'mine');
    for (const overwrite of [false, true]) {
      await assert.rejects(ExportFolder.create(target(), { overwrite }), { code: 'FOLDER_NOT_EMPTY' });
    }
    await assert.rejects(ExportFolder.create(join(target(), 'thesis.txt')), { code: 'STORAGE_FAILED' });
  });

  test('is used a second time only where that is wanted, and then keeps what the second does not write', async () => {
    const first = await ExportFolder.create(target());
    await first.write(['a.txt'], 'old');
    await first.write(['b.txt'], 'kept');
    await assert.rejects(ExportFolder.create(target()), { code: 'FOLDER_NOT_EMPTY', hint: /--overwrite/ });
    const second = await ExportFolder.create(target(), { overwrite: true });
    assert.equal((await second.write(['a.txt'], 'new')).path, 'a.txt');
    assert.deepEqual([read('a.txt'), read('b.txt')], ['new', 'kept']);
  });
});

describe('a file written into it', () => {
  test('comes out as it went in, whatever it came as, with its size and hash', async () => {
    const folder = await ExportFolder.create(target());
    const text = 'Grüße 👋\n'.repeat(50_000);
    const bytes = Buffer.from(text);
    const pieces = fc.sample(fc.nat(100_000), 20).toSorted((a, b) => a - b);
    const cuts = [0, ...pieces, bytes.length].map((at, index, all) => bytes.subarray(all[index - 1] ?? 0, at));
    const contents = [text, bytes, cuts, [text.slice(0, 6), text.slice(6)], slowly(cuts)];
    for (const content of contents) {
      const file = await folder.write(['x.txt'], content);
      assert.deepEqual(readFileSync(join(target(), file.path)), bytes);
      assert.deepEqual([file.sizeBytes, file.sha256], [bytes.length, sha256(bytes)]);
    }
    assert.deepEqual(
      folder.files.map(({ path }) => path),
      ['x.txt', 'x (2).txt', 'x (3).txt', 'x (4).txt', 'x (5).txt'],
    );
  });

  test('has the time and the permissions asked for, without those that let it run as somebody else', async () => {
    const folder = await ExportFolder.create(target());
    await folder.write(['x'], 'x', { modifiedAt: new Date('2001-02-03T04:05:06Z'), mode: 0o4750 });
    await folder.write(['y'], ['y'], { mode: 0 });
    const [x, y] = [statSync(join(target(), 'x')), statSync(join(target(), 'y'))];
    assert.deepEqual([x.mtime, x.mode & 0o7777, y.mode & 0o7777], [new Date('2001-02-03T04:05:06Z'), 0o750, 0o600]);
  });

  test('is not there at all when its content cannot be read to the end', async () => {
    const folder = await ExportFolder.create(target());
    await assert.rejects(folder.write(['x'], failing()), /no more/);
    assert.deepEqual(visible(), []);
    assert.deepEqual(readdirSync(join(target(), '.holdfast-export')), []);
    assert.deepEqual([...folder.files], []);
  });

  test('never takes the place of another, whatever file systems think is the same name', async () => {
    const folder = await ExportFolder.create(target());
    const names = ['Cafe\u0301', 'Café', 'CAFÉ', 'straße', 'STRASSE', 'a:b', 'a?b', 'A_B', 'x\u200dy', 'xy', 'x', 'X '];
    const paths: string[] = [];
    for (const name of names) paths.push((await folder.write([name], name)).path);
    assert.equal(new Set(paths.map((path) => path.normalize('NFC').toUpperCase())).size, names.length);
    assert.deepEqual(
      paths.map((path) => read(path)),
      names,
    );
  });

  test('lies in the folder that was wished for, and wishes for other folders never meet', async () => {
    const folder = await ExportFolder.create(target());
    const paths: string[] = [];
    for (const name of ['Anna', 'anna', 'Anna', 'A:', 'A?']) paths.push((await folder.write([name, 'x'], 'x')).path);
    assert.deepEqual(paths, ['Anna/x', 'anna (2)/x', 'Anna/x (2)', 'A_/x', 'A_ (2)/x']);
  });

  test('may have the name of a folder, and the other way round', async () => {
    const folder = await ExportFolder.create(target());
    const paths = [];
    for (const parts of [['a'], ['a', 'b'], ['c', 'd'], ['c']]) paths.push((await folder.write(parts, 'x')).path);
    assert.deepEqual(paths, ['a', 'a (2)/b', 'c/d', 'c (2)']);
  });

  test('does not go through a link that lies in the folder', async () => {
    const first = await ExportFolder.create(target());
    await first.write(['folder', 'x'], 'old');
    const outside = join(dir, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'file'), 'untouched');
    symlinkSync(outside, join(target(), 'link'));
    symlinkSync(join(outside, 'file'), join(target(), 'file'));
    const second = await ExportFolder.create(target(), { overwrite: true });
    assert.equal((await second.write(['link', 'x'], 'x')).path, 'link (2)/x');
    await second.write(['file'], 'x');
    assert.deepEqual([readdirSync(outside), readFileSync(join(outside, 'file'), 'utf8')], [['file'], 'untouched']);
    assert.ok(lstatSync(join(target(), 'file')).isFile());
  });

  test('finds a place for the same name a hundred thousand times in little time', async () => {
    const folder = await ExportFolder.create(target());
    let path = '';
    for (let i = 0; i < 100_000; i++) path = folder.claimFile(['same.txt']).path;
    assert.equal(path, 'same (100000).txt');
  });
});

test('whatever names are wished for, everything lies in the folder, on its own, and no path is too long', async () => {
  const part = fc.oneof(
    fc.constantFrom(
      '..',
      '.',
      '',
      '/',
      '\\',
      'a/../../b',
      'CON',
      'a',
      'A',
      '.holdfast-export',
      'e\u0301',
      'é',
      '\u0000',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constant('x'.repeat(300)),
  );
  const wishes = fc.array(fc.array(part, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(wishes, async (all) => {
      rmSync(target(), { recursive: true, force: true });
      const folder = await ExportFolder.create(target());
      const contents = new Map<string, string>();
      for (const [index, parts] of all.entries()) {
        const { path } = await folder.write(parts, `file ${index}`);
        assert.ok(path.split('/').every((name) => name !== '' && name !== '.' && name !== '..'));
        assert.ok(Buffer.byteLength(path) < 950);
        contents.set(path, `file ${index}`);
      }
      assert.equal(contents.size, all.length);
      for (const [path, content] of contents) assert.equal(read(path), content);
      assert.deepEqual(readdirSync(dir), ['out']);
    }),
    { numRuns: 60 },
  );
});

function read(path: string): string {
  return readFileSync(join(target(), path), 'utf8');
}

const visible = (): string[] => readdirSync(target()).filter((name) => name !== '.holdfast-export');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function* slowly(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

function* failing(): Generator<string> {
  yield 'x'.repeat(1_000_000);
  throw new Error('no more');
}
