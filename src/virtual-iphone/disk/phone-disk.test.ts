import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { INLINE_LIMIT_BYTES } from './contents.ts';
import { openPhoneDisk, type PhoneDisk, type PhoneFile } from './index.ts';

const NOON = new Date('2026-11-20T12:00:00Z');

let stateDir: string;
let disk: PhoneDisk;

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'holdfast-'));
  disk = openPhoneDisk(stateDir, { now: () => NOON });
});

afterEach(async () => {
  disk.close();
  await rm(stateDir, { recursive: true });
});

describe('a file on the phone', () => {
  for (const { what, sizeBytes } of [
    { what: 'empty', sizeBytes: 0 },
    { what: 'small', sizeBytes: 1234 },
    { what: 'as large as the database takes', sizeBytes: INLINE_LIMIT_BYTES },
    { what: 'larger', sizeBytes: INLINE_LIMIT_BYTES + 1 },
  ]) {
    test(`that is ${what} reads back, whole and in slices, after a restart`, () => {
      const content = noise(sizeBytes);
      disk.writeFile('HomeDomain', 'Library/a.bin', content);
      reopen();
      const file = existing('HomeDomain', 'Library/a.bin');
      assert.equal(file.sizeBytes, sizeBytes);
      assert.deepEqual(Buffer.from(disk.read(file)), content);
      assert.deepEqual(Buffer.from(disk.read(file, 100, 50)), content.subarray(100, 150));
      assert.deepEqual(Buffer.from(disk.read(file, sizeBytes - 3, 50)), content.subarray(Math.max(0, sizeBytes - 3)));
      assert.equal(disk.read(file, sizeBytes + 1, 10).length, 0);
    });

    test(`that is ${what} can be written piece by piece`, () => {
      const content = noise(sizeBytes);
      const writer = disk.openWriter('MediaDomain', 'Media/b.bin');
      const chunk = Buffer.alloc(1000);
      for (let at = 0; at < sizeBytes; at += chunk.length) {
        const count = content.copy(chunk, 0, at);
        writer.write(chunk.subarray(0, count));
      }
      assert.equal(disk.get('MediaDomain', 'Media/b.bin'), undefined);
      const file = writer.finish({ mode: 0o600 });
      assert.deepEqual(Buffer.from(disk.read(file)), content);
      assert.equal(existing('MediaDomain', 'Media/b.bin').mode, 0o100600);
    });
  }

  test('has what iOS gives a new one, and keeps its identity when it is written again', () => {
    const born = new Date('2020-01-01T00:00:00Z');
    const first = disk.writeFile('HomeDomain', 'x', noise(10), { bornAt: born, modifiedAt: born, protectionClass: 1 });
    const second = disk.writeFile('HomeDomain', 'x', noise(11));
    assert.equal(first.mode, 0o100644);
    assert.equal(first.uid, 501);
    assert.equal(second.inode, first.inode);
    assert.deepEqual(second.bornAt, born);
    assert.deepEqual(second.modifiedAt, NOON);
    assert.equal(second.protectionClass, 1);
    assert.notEqual(second.contentVersion, first.contentVersion);
  });

  test('keeps extended attributes, byte by byte', () => {
    const extendedAttributes = { 'com.apple.b': Buffer.from([0, 255, 10]), 'com.apple.a': Buffer.alloc(0) };
    disk.writeFile('HomeDomain', 'x', noise(1), { extendedAttributes });
    const read = existing('HomeDomain', 'x').extendedAttributes ?? {};
    assert.deepEqual(Object.keys(read), ['com.apple.a', 'com.apple.b']);
    assert.deepEqual(Buffer.from(read['com.apple.b'] ?? []), Buffer.from([0, 255, 10]));
  });

  test('never gets a content version twice, even after a restart', () => {
    const first = disk.writeFile('HomeDomain', 'x', noise(1));
    disk.remove('HomeDomain', 'x');
    reopen();
    assert.ok(disk.writeFile('HomeDomain', 'x', noise(1)).contentVersion > first.contentVersion);
  });

  test('leaves nothing behind when it is replaced, removed or discarded', () => {
    disk.writeFile('HomeDomain', 'x', noise(100_000));
    disk.writeFile('HomeDomain', 'x', noise(100_001));
    disk.writeFile('HomeDomain', 'd/y', noise(100_000));
    const writer = disk.openWriter('HomeDomain', 'z');
    writer.write(noise(100_000));
    writer.discard();
    assert.equal(blobFiles(), 2);
    disk.remove('HomeDomain', 'd', true);
    disk.remove('HomeDomain', 'x');
    assert.equal(blobFiles(), 0);
  });
});

describe('a synthetic file', () => {
  test('has the same bytes however it is read', () => {
    const sizeBytes = 17 * 1024 * 1024;
    const file = disk.writeSynthetic('MediaDomain', 'Media/big', { seed: 7, sizeBytes });
    const whole = Buffer.from(disk.read(file));
    assert.equal(whole.length, sizeBytes);
    for (const [offset, length] of [
      [0, 10],
      [20, 40],
      [31, 2],
      [32, 999],
      [16 * 1024 * 1024 - 500_000, 1_000_000],
    ] as const) {
      assert.deepEqual(Buffer.from(disk.read(file, offset, length)), whole.subarray(offset, offset + length));
    }
  });

  test('differs from that of any other seed', () => {
    const heads = new Set<string>();
    for (const seed of [...Array(2000).keys(), 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1]) {
      const file = disk.writeSynthetic('MediaDomain', `f${seed}`, { seed, sizeBytes: 16 });
      heads.add(Buffer.from(disk.read(file)).toString('hex'));
    }
    assert.equal(heads.size, 2003);
  });
});

describe('the tree', () => {
  test('makes the directories above what is written', () => {
    disk.writeFile('AppDomain-org.example.a', 'Library/Caches/é/x', noise(1));
    const paths = [...disk.all()].map((file) => `${file.kind} ${file.relativePath}`);
    assert.deepEqual(paths, [
      'directory ',
      'directory Library',
      'directory Library/Caches',
      'directory Library/Caches/é',
      'file Library/Caches/é/x',
    ]);
  });

  test('lists the entries of one directory, not what lies below them', () => {
    for (const path of ['a/1/deep/er', 'a/1/deep/er2', 'a/1-x', 'a/1.x', 'a/10', 'a/2/y', 'a/é', 'b', 'a-b/c']) {
      disk.writeFile('HomeDomain', path, noise(1));
    }
    for (let i = 0; i < 1000; i++) disk.writeFile('HomeDomain', `a/2/z${i}`, noise(1));
    assert.deepEqual(names(disk.children('HomeDomain', 'a')), ['a/1', 'a/1-x', 'a/1.x', 'a/10', 'a/2', 'a/é']);
    assert.deepEqual(names(disk.children('HomeDomain', '')), ['a', 'a-b', 'b']);
    assert.equal(names(disk.children('HomeDomain', 'a/2')).length, 1001);
    assert.deepEqual(names(disk.children('HomeDomain', 'nowhere')), []);
  });

  test('walks everything by domain and path in the order of their bytes', () => {
    for (const domain of ['MediaDomain', 'AppDomain-b', 'AppDomain-a-b', 'AppDomain-a']) {
      for (let i = 0; i < 700; i++) disk.writeFile(domain, `p${i}/😀`, noise(1));
      disk.writeFile(domain, 'p1/\uFFFD', noise(1));
    }
    const walked = [...disk.all()].map((file) => Buffer.from(`${file.domain}\0${file.relativePath}`));
    assert.equal(walked.length, 4 * 1402);
    assert.deepEqual(
      walked,
      walked.toSorted((a, b) => a.compare(b)),
    );
    assert.equal(disk.count(), walked.length);
  });

  test('moves a directory with all in it, into another domain too', () => {
    disk.writeFile('HomeDomain', 'a/b/c', Buffer.from('c'));
    disk.writeFile('HomeDomain', 'ab', Buffer.from('ab'));
    disk.rename('HomeDomain', 'a', 'MediaDomain', 'Media/x');
    assert.equal(disk.get('HomeDomain', 'a/b/c'), undefined);
    assert.equal(String(disk.read(existing('MediaDomain', 'Media/x/b/c'))), 'c');
    assert.equal(String(disk.read(existing('HomeDomain', 'ab'))), 'ab');
  });

  test('replaces a file that stands where another is moved', () => {
    disk.writeFile('HomeDomain', 'new', Buffer.from('new'));
    disk.writeFile('HomeDomain', 'old', noise(100_000));
    disk.rename('HomeDomain', 'new', 'HomeDomain', 'old');
    assert.equal(String(disk.read(existing('HomeDomain', 'old'))), 'new');
    assert.equal(blobFiles(), 0);
  });

  test('keeps links and what they point to', () => {
    disk.makeSymlink('HomeDomain', 'link', '../élsewhere/../x');
    assert.equal(existing('HomeDomain', 'link').linkTarget, '../élsewhere/../x');
    assert.equal(existing('HomeDomain', 'link').mode, 0o120755);
  });

  for (const { what, act, reason } of [
    { what: 'a path with ".."', act: () => disk.writeFile('HomeDomain', 'a/../b', noise(1)), reason: 'invalid-path' },
    { what: 'an absolute path', act: () => disk.writeFile('HomeDomain', '/a', noise(1)), reason: 'invalid-path' },
    { what: 'an empty name', act: () => disk.writeFile('HomeDomain', 'a//b', noise(1)), reason: 'invalid-path' },
    {
      what: 'a path below a file',
      act: () => disk.writeFile('HomeDomain', 'file/x', noise(1)),
      reason: 'not-a-directory',
    },
    {
      what: 'a file over a directory',
      act: () => disk.writeFile('HomeDomain', 'dir', noise(1)),
      reason: 'is-a-directory',
    },
    { what: 'removing a full directory', act: () => disk.remove('HomeDomain', 'dir'), reason: 'not-empty' },
    { what: 'removing nothing', act: () => disk.remove('HomeDomain', 'nothing'), reason: 'not-found' },
    {
      what: 'a directory into itself',
      act: () => disk.rename('HomeDomain', 'dir', 'HomeDomain', 'dir/a'),
      reason: 'invalid-path',
    },
  ]) {
    test(`refuses ${what}`, () => {
      disk.writeFile('HomeDomain', 'file', noise(1));
      disk.writeFile('HomeDomain', 'dir/inside', noise(1));
      assert.throws(act, { name: 'PhoneDiskError', reason });
    });
  }
});

test('how much is on the disk is right after everything that changes it', () => {
  const sizes: number[] = [];
  const after = (act: () => unknown): void => {
    act();
    sizes.push(disk.totalBytes());
  };
  after(() => disk.writeFile('HomeDomain', 'a/b', noise(1000)));
  after(() => disk.writeFile('HomeDomain', 'a/b', noise(300)));
  after(() => disk.writeFile('MediaDomain', 'c', noise(20)));
  after(() => disk.rename('MediaDomain', 'c', 'HomeDomain', 'a/d'));
  const failing = (): never =>
    disk.batch(() => {
      after(() => disk.writeFile('HomeDomain', 'e', noise(5)));
      throw new Error('interrupted');
    });
  after(() => assert.throws(failing, /interrupted/));
  after(() => disk.remove('HomeDomain', 'a', true));
  assert.deepEqual(sizes, [1000, 300, 320, 320, 325, 320, 0]);
});

describe('a batch', () => {
  test('that fails leaves no trace', () => {
    disk.writeFile('HomeDomain', 'kept', noise(100_000));
    assert.throws(
      () =>
        disk.batch(() => {
          disk.remove('HomeDomain', 'kept');
          disk.writeFile('NewDomain', 'x', noise(100_000));
          throw new Error('interrupted');
        }),
      /interrupted/,
    );
    assert.deepEqual(disk.domains(), ['HomeDomain']);
    assert.equal(blobFiles(), 1);
    disk.writeFile('NewDomain', 'x', noise(5));
    reopen();
    assert.equal(disk.read(existing('NewDomain', 'x')).length, 5);
    assert.equal(disk.read(existing('HomeDomain', 'kept')).length, 100_000);
  });
});

test('a disk whose process is killed keeps what was written before, and nothing by halves', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const program = `
    import { openPhoneDisk } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    const disk = openPhoneDisk(${JSON.stringify(folder)});
    for (let i = 0; i < 20; i++) disk.writeFile('HomeDomain', 'kept/' + i, Buffer.alloc(i * 10_000, i));
    disk.batch(() => {
      disk.writeFile('HomeDomain', 'unfinished', Buffer.alloc(100_000));
      process.kill(process.pid, 'SIGKILL');
    });
  `;
  const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program]);
  assert.equal(signal, 'SIGKILL', String(stderr));
  const survivor = openPhoneDisk(folder);
  for (let i = 0; i < 20; i++) {
    const file = survivor.get('HomeDomain', `kept/${i}`);
    assert.deepEqual(file && survivor.read(file), Buffer.alloc(i * 10_000, i));
  }
  assert.equal(survivor.get('HomeDomain', 'unfinished'), undefined);
  survivor.close();
  await rm(folder, { recursive: true });
});

describe('settings', () => {
  test('survive a restart', () => {
    disk.settings.set('trust', { hosts: ['a'], count: 2 });
    disk.settings.set('gone', 1);
    disk.settings.delete('gone');
    reopen();
    assert.deepEqual(disk.settings.get('trust'), { hosts: ['a'], count: 2 });
    assert.equal(disk.settings.get('gone'), undefined);
  });
});

describe('the fingerprint', () => {
  test('is the same for the same content, whatever the order and the times', async () => {
    const otherDir = await mkdtemp(join(tmpdir(), 'holdfast-'));
    const other = openPhoneDisk(otherDir);
    writeInOrder(disk, ['a', 'b', 'c/d']);
    writeInOrder(other, ['c/d', 'b', 'a']);
    assert.equal(disk.fingerprint(), other.fingerprint());
    other.writeFile('HomeDomain', 'b', Buffer.from('B'));
    assert.notEqual(disk.fingerprint(), other.fingerprint());
    assert.equal(
      disk.fingerprint((file) => file.relativePath !== 'b'),
      other.fingerprint((file) => file.relativePath !== 'b'),
    );
    other.close();
    await rm(otherDir, { recursive: true });
  });
});

test('erasing removes everything but the settings', () => {
  disk.writeFile('HomeDomain', 'a/b', noise(100_000));
  disk.settings.set('kept', true);
  disk.erase();
  assert.equal(disk.count(), 0);
  assert.equal(blobFiles(), 0);
  assert.equal(disk.settings.get('kept'), true);
});

function writeInOrder(target: PhoneDisk, order: readonly string[]): void {
  for (const name of order) target.writeFile('HomeDomain', name, Buffer.from(name), { modifiedAt: new Date() });
  target.makeSymlink('HomeDomain', 'link', 'a');
}

function reopen(): void {
  disk.close();
  disk = openPhoneDisk(stateDir, { now: () => NOON });
}

function existing(domain: string, path: string): PhoneFile {
  const file = disk.get(domain, path);
  assert.ok(file, `${domain} ${path} exists`);
  return file;
}

function names(files: Iterable<PhoneFile>): string[] {
  return [...files].map((file) => file.relativePath);
}

function noise(sizeBytes: number): Buffer {
  return Buffer.from(Array.from({ length: sizeBytes }, (_, i) => (i * 7919) >> 3));
}

function blobFiles(): number {
  const directory = join(stateDir, 'blobs');
  if (!existsSync(directory)) return 0;
  return readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}
