import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { Disk } from '../durability.ts';
import type { ListEntry } from './list-entry.ts';
import { ListFile, type PlacedEntry } from './list-file.ts';
import { decodeIndex, encodeIndex, locateIndex, FOOTER_BYTES } from './list-index.ts';
import { ListWriter, type ListSummary } from './list-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
after(() => rmSync(folder, { recursive: true }));

const SMALL: PlacedEntry[] = [
  { directory: '00', entry: file('00aa', 5) },
  { directory: '00', entry: file('00bb', 0) },
  { directory: '', entry: file('Info.plist', 12) },
  { directory: '', entry: { kind: 'directory', name: 'Snapshot' } },
  { directory: 'ab', entry: file('tab\there', 7) },
  { directory: 'ab', entry: file('ümläut', 7) },
];

describe('a file list', () => {
  test('reads back what was written, in order and by path', () => {
    using list = openWritten(SMALL);
    assert.deepEqual([...list.entries()], SMALL);
    assert.deepEqual(
      [...list.entriesIn('ab')].map((entry) => entry.name),
      ['tab\there', 'ümläut'],
    );
    assert.deepEqual(list.find('00/00bb'), file('00bb', 0));
    assert.deepEqual(list.find('Snapshot'), { kind: 'directory', name: 'Snapshot' });
    assert.equal(list.find('00/00ab'), undefined);
    assert.deepEqual(list.totals, { files: 5, bytes: 31 });
  });

  test('is a text in zstd frames, named by the hash of the text', () => {
    const { path, summary } = write(SMALL);
    const bytes = readFileSync(path);
    const place = locateIndex(bytes.subarray(-FOOTER_BYTES), bytes.length);
    const index = place && decodeIndex(bytes.subarray(place.offset), place);
    const text = index?.blocks.map((block) => decompress(bytes.subarray(block.offset, block.offset + block.bytes)));
    assert.equal(
      createHash('sha256')
        .update(text?.join('') ?? '')
        .digest('hex'),
      summary.sha256,
    );
    assert.match(text?.join('') ?? '', /^00\/00aa\t5\t0{64}\n.*\nSnapshot\/\t-\t-\nab\/tab\\there\t7\t0{64}\n/s);
  });

  test('hides its index from decompressors in a skippable frame', () => {
    const { path } = write([]);
    const bytes = readFileSync(path);
    assert.equal(bytes.readUInt32LE(0), 0x184d2a50);
    assert.equal(bytes.readUInt32LE(4), bytes.length - 8);
  });

  test('of many files in one directory is cut into frames and still found', () => {
    const many = Array.from({ length: 6000 }, (_, i) => ({
      directory: '',
      entry: file(`f${String(i).padStart(5, '0')}`, i),
    }));
    using list = openWritten(many);
    assert.ok(list.frames.length > 1);
    assert.equal([...list.entriesIn('')].length, 6000);
    for (const i of [0, 2999, 5999]) assert.deepEqual(list.find(`f${String(i).padStart(5, '0')}`), many[i]?.entry);
  });

  test('of nothing is empty', () => {
    using list = openWritten([]);
    assert.deepEqual([...list.entries()], []);
  });

  test('refuses entries out of order', () => {
    assert.throws(() => write([...SMALL].toReversed()), { name: 'RangeError' });
  });

  test('gives back any tree', () => {
    const name = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 3 })
      .filter((text) => !/[/\0]|^\.\.?$/.test(text));
    const paths = fc.uniqueArray(fc.tuple(name, name), { selector: (pair) => pair.join('/'), maxLength: 30 });
    fc.assert(
      fc.property(paths, (pairs) => {
        const sorted = pairs
          .map((pair) => pair.join('/'))
          .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        const entries = sorted.map((path) => {
          const [directory = '', leaf = ''] = path.split('/');
          return { directory, entry: file(leaf, path.length) };
        });
        using list = openWritten(entries);
        assert.deepEqual([...list.entries()], entries);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a damaged list', () => {
  const { path, summary } = write(SMALL);
  const good = readFileSync(path);

  test('is reported, whatever byte is changed', () => {
    for (let at = 0; at < good.length; at++) {
      const bytes = Buffer.from(good);
      bytes[at] = (bytes[at] ?? 0) ^ 0x41;
      assertCorruptOrSame(bytes);
    }
  });

  test('is reported, wherever it is cut', () => {
    for (let length = 0; length < good.length; length++) assertCorrupt(good.subarray(0, length));
  });

  test('that is missing is reported', () => {
    assert.throws(() => ListFile.open(join(folder, 'none'), summary.sha256), { code: 'SNAPSHOT_CORRUPT' });
  });

  for (const [what, frame] of [
    ['a frame longer than the file', { bytes: 1e12 }],
    ['a text that would exhaust memory', { textBytes: 1e12 }],
    ['more lines than bytes', { lines: 1000 }],
    ['a negative size', { fileBytes: -1 }],
    ['a directory outside', { directory: '../..' }],
    ['a name that is a path', { firstKey: 'a/b' }],
  ] as const) {
    test(`is refused when its index tells of ${what}`, () => {
      const text = Buffer.from(`a\t1\t${'0'.repeat(64)}\n`);
      const compressed = zstdCompressSync(text);
      const textBytes = text.length;
      const honest = { directory: '', firstKey: 'a', textOffset: 0, textBytes, lines: 1, files: 1, fileBytes: 1 };
      const block = { offset: 0, bytes: compressed.length, textOffset: 0, textBytes, like: undefined };
      const index = { base: undefined, blocks: [{ ...block, frames: [{ ...honest, ...frame }], ...frame }] };
      assertCorrupt(Buffer.concat([compressed, encodeIndex(index)]));
    });
  }

  test('is refused when its index says it decompresses to more than it may', () => {
    const bytes = Buffer.from(good);
    bytes.writeUInt32LE(0xffffffff, bytes.length - 12);
    assertCorrupt(bytes);
    assert.equal(locateIndex(bytes.subarray(-FOOTER_BYTES), bytes.length), undefined);
  });

  function assertCorrupt(bytes: Buffer): void {
    writeFileSync(path, bytes);
    assert.throws(() => readAll(path, summary.sha256), { code: 'SNAPSHOT_CORRUPT' });
  }

  /** A flipped bit may leave the meaning alone (a flag that zstd ignores); then all must read as before. */
  function assertCorruptOrSame(bytes: Buffer): void {
    writeFileSync(path, bytes);
    try {
      assert.deepEqual(readAll(path, summary.sha256), SMALL);
    } catch (error) {
      assert.ok(error instanceof Error && 'code' in error && error.code === 'SNAPSHOT_CORRUPT', String(error));
    }
  }
});

function decompress(frame: Uint8Array): string {
  return zstdDecompressSync(frame).toString();
}

function file(name: string, sizeBytes: number): ListEntry {
  return { kind: 'file', name, sizeBytes, sha256: '0'.repeat(64) };
}

function write(entries: readonly PlacedEntry[]): { path: string; summary: ListSummary } {
  const path = join(folder, 'list');
  const descriptor = openSync(path, 'w');
  try {
    const writer = new ListWriter(new Disk(), descriptor, path);
    for (const { directory, entry } of entries) writer.add(directory, entry);
    return { path, summary: writer.finish() };
  } finally {
    closeSync(descriptor);
  }
}

function openWritten(entries: readonly PlacedEntry[]): ListFile {
  const { path, summary } = write(entries);
  return ListFile.open(path, summary.sha256);
}

function readAll(path: string, sha256: string): PlacedEntry[] {
  using list = ListFile.open(path, sha256);
  return [...list.entries()];
}
