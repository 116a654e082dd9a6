import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assert as check, asyncProperty, uint8Array } from 'fast-check';
import { exifFacts } from './exif.ts';
import { PictureCopier, readMediaFacts } from './index.ts';

const HEIC = readFileSync(join(import.meta.dirname, '../../test/fixtures/three-colours.heic'));

/** Two directories in little endian: model and orientation; taken, offset and exposure. */
function tiff({ orientation = 6 } = {}): Buffer {
  const bytes = Buffer.alloc(220);
  bytes.write('II*\0', 0, 'latin1');
  bytes.writeUInt32LE(8, 4);
  const entry = (at: number, tag: number, type: number, count: number, value: number): void => {
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(count, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  };
  bytes.writeUInt16LE(3, 8);
  entry(10, 0x0110, 2, 9, 120);
  entry(22, 0x0112, 3, 1, orientation);
  entry(34, 0x8769, 4, 1, 60);
  bytes.write('iPhone 8\0', 120, 'latin1');
  bytes.writeUInt16LE(3, 60);
  entry(62, 0x829a, 5, 1, 160);
  entry(74, 0x9003, 2, 20, 130);
  entry(86, 0x9011, 2, 7, 170);
  bytes.write('2026:05:01 09:30:00\0', 130, 'latin1');
  bytes.writeUInt32LE(1, 160);
  bytes.writeUInt32LE(50, 164);
  bytes.write('+02:00\0', 170, 'latin1');
  return bytes;
}

describe('EXIF', () => {
  test('says when, how and with what, in either order of bytes', () => {
    assert.deepEqual(exifFacts(tiff()), {
      model: 'iPhone 8',
      orientation: 6,
      exposureSeconds: 0.02,
      takenAtLocal: '2026-05-01T09:30:00',
      utcOffset: '+02:00',
    });
  });

  test('that is damaged says less, and never takes long', () => {
    const bytes = tiff();
    bytes.writeUInt32LE(0xffffffff, 14);
    assert.equal(exifFacts(bytes).model, undefined);
    bytes.writeUInt16LE(0xffff, 8);
    assert.deepEqual(exifFacts(bytes), {});
    assert.deepEqual(exifFacts(Buffer.from('MM')), {});
  });
});

describe('facts of a file', () => {
  test('come out of a JPEG', async () => {
    const facts = await readMediaFacts(pieces(jpeg(tiff())), 'a.jpg');
    assert.ok(facts?.format === 'jpeg');
    assert.deepEqual([facts.model, facts.widthPx, facts.heightPx], ['iPhone 8', 640, 480]);
  });

  test('are none in anything else, whatever it is', async () => {
    await check(
      asyncProperty(uint8Array({ maxLength: 300 }), async (noise) => {
        const starts = ['', '\xff\xd8\xff\xe1', '\0\0\0\x10ftypheic', 'II*\0', '\x89PNG\r\n\x1a\n'];
        for (const start of starts) {
          await readMediaFacts(pieces(Buffer.concat([Buffer.from(start, 'latin1'), noise])), 'a.jpg');
          await readMediaFacts(pieces(Buffer.from(noise)), 'a.mov');
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('copies', () => {
  test('of a HEIC are JPEGs with its EXIF, upright', async () => {
    await using copier = new PictureCopier();
    const copy = await copier.fullCopy(HEIC, { format: 'heic', tiff: tiff() });
    assert.ok('jpeg' in copy);
    const facts = await readMediaFacts(pieces(copy.jpeg), 'a.jpg');
    assert.ok(facts?.format === 'jpeg');
    assert.deepEqual([facts.widthPx, facts.heightPx, facts.model, facts.orientation], [96, 64, 'iPhone 8', 1]);
  });

  test('can be small, and are none of what is no picture', async () => {
    await using copier = new PictureCopier();
    const [small, none, alsoNone] = await Promise.all([
      copier.thumbnail(HEIC, { format: 'heic' }, 48),
      copier.fullCopy(Buffer.from('no picture'), undefined),
      copier.fullCopy(HEIC.subarray(0, 500), { format: 'heic' }),
    ]);
    assert.ok('jpeg' in small);
    assert.equal((await readMediaFacts(pieces(small.jpeg), 'a.jpg'))?.format, 'jpeg');
    assert.deepEqual([none, alsoNone], [{ problem: 'unreadable' }, { problem: 'unreadable' }]);
  });

  test('that take too long are given up', async () => {
    await using copier = new PictureCopier({ maxMs: 0 });
    assert.deepEqual(await copier.fullCopy(HEIC, { format: 'heic' }), { problem: 'too-slow' });
  });
});

function jpeg(exif: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(exif.length + 8, 4);
  const frame = Buffer.from([
    0xff,
    0xc0,
    0,
    17,
    8,
    480 >> 8,
    480 & 255,
    640 >> 8,
    640 & 255,
    3,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ]);
  return Buffer.concat([head, Buffer.from('Exif\0\0', 'latin1'), exif, frame, Buffer.from([0xff, 0xda])]);
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer, undefined> {
  for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
}
