import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { array, assert as check, asyncProperty, integer, property, uint8Array } from 'fast-check';
import { boxAt, boxesIn, readTopBox } from './boxes.ts';

const file = Buffer.concat([
  box('ftyp', Buffer.from('heic')),
  box('mdat', Buffer.alloc(40_000, 7)),
  box('moov', Buffer.concat([box('udta', box('name', Buffer.from('Ada'))), box('trak', Buffer.alloc(4))])),
]);

describe('boxes', () => {
  test('are found one after another and within each other', () => {
    assert.deepEqual(
      [...boxesIn(file)].map(({ type, start, end }) => [type, end - start]),
      [
        ['ftyp', 4],
        ['mdat', 40_000],
        ['moov', 31],
      ],
    );
    assert.equal(boxAt(file, 'moov', 'udta', 'name')?.toString(), 'Ada');
    assert.equal(boxAt(file, 'moov', 'meta'), undefined);
  });

  test('may have a length of 64 bits, or last to the end', () => {
    const long = Buffer.concat([Buffer.from([0, 0, 0, 1]), Buffer.from('mdat'), Buffer.alloc(8), Buffer.from('abc')]);
    long.writeBigUInt64BE(BigInt(long.length), 8);
    const open = Buffer.concat([Buffer.alloc(4), Buffer.from('free'), Buffer.from('rest')]);
    assert.deepEqual(
      [...boxesIn(Buffer.concat([long, open]))].map(({ type, start, end }) => [type, end - start]),
      [
        ['mdat', 3],
        ['free', 4],
      ],
    );
  });

  test('end where damage begins', () => {
    const damaged = Buffer.from(file);
    damaged.writeUInt32BE(0xfffffff0, 12);
    assert.deepEqual(
      [...boxesIn(damaged)].map(({ type }) => type),
      ['ftyp'],
    );
  });

  test('are read from any bytes without harm', () => {
    check(
      property(uint8Array({ maxLength: 200 }), (bytes) => {
        for (const each of boxesIn(Buffer.from(bytes))) assert.ok(each.start <= each.end && each.end <= bytes.length);
      }),
    );
  });
});

describe('one box of a stream', () => {
  test('is found wherever the chunks are cut', async () => {
    const expected = boxAt(file, 'moov');
    await check(
      asyncProperty(array(integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 30 }), async (sizes) => {
        assert.deepEqual(await readTopBox(pieces(file, sizes), 'moov', 1000), expected);
      }),
      { numRuns: 50 },
    );
  });

  test('is not kept beyond its limit, nor looked for in what are no boxes', async () => {
    assert.equal(await readTopBox(pieces(file, [500]), 'mdat', 1000), undefined);
    assert.equal(await readTopBox(pieces(file, [500]), 'uuid', 1000), undefined);
    assert.equal(await readTopBox(pieces(Buffer.alloc(100, 2), [7]), 'moov', 1000), undefined);
    assert.equal(await readTopBox(pieces(file.subarray(0, -1), [7]), 'moov', 1000), undefined);
  });

  test('that lasts to the end is read to the end', async () => {
    const open = Buffer.concat([box('ftyp', Buffer.alloc(4)), Buffer.alloc(4), Buffer.from('moovAda')]);
    assert.equal((await readTopBox(pieces(open, [3]), 'moov', 1000))?.toString(), 'Ada');
    assert.equal(await readTopBox(pieces(open, [3]), 'moov', 2), undefined);
  });
});

function box(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, content]);
}

async function* pieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer, undefined> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
