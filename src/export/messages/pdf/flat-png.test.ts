import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { flatPng, isPng } from './flat-png.ts';

/** A picture of two by two, as the chunks that are given. */
function png(colorType: number, rows: number[][], more: Record<string, number[]> = {}, header: number[] = []): Buffer {
  const start = Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 8, colorType, 0, 0, 0]);
  start.set(header, 0);
  const chunks = { IHDR: start, ...more, IDAT: deflateSync(Buffer.from(rows.flat())), IEND: Buffer.alloc(0) };
  const parts = Object.entries(chunks).map(([type, content]) => {
    const body = Buffer.concat([Buffer.from(type), Buffer.from(content)]);
    const whole = Buffer.alloc(body.length + 8);
    whole.writeUInt32BE(content.length, 0);
    body.copy(whole, 4);
    whole.writeUInt32BE(crc32(body), body.length + 4);
    return whole;
  });
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]);
}

function pixelsOf(bytes: Buffer | undefined): number[] {
  assert.ok(bytes !== undefined && isPng(bytes));
  const at = bytes.indexOf('IDAT');
  const rows = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)));
  return [...rows.subarray(1, 7), ...rows.subarray(8, 14)];
}

describe('a PNG on white', () => {
  test('keeps what is solid, and mixes what is not', () => {
    const rows = [
      [0, 255, 0, 0, 255, 0, 0, 255, 0],
      [0, 0, 0, 0, 128, 9, 9, 9, 255],
    ];
    assert.deepEqual(pixelsOf(flatPng(png(6, rows))), [255, 0, 0, 255, 255, 255, 127, 127, 127, 9, 9, 9]);
  });

  test('may be grey or have a palette', () => {
    assert.deepEqual(
      pixelsOf(
        flatPng(
          png(4, [
            [0, 7, 255, 8, 0],
            [0, 0, 255, 1, 255],
          ]),
        ),
      ),
      [7, 7, 7, 255, 255, 255, 0, 0, 0, 1, 1, 1],
    );
    const indexed = png(
      3,
      [
        [0, 0, 1],
        [0, 1, 0],
      ],
      { PLTE: [1, 2, 3, 4, 5, 6], tRNS: [255, 0] },
    );
    assert.deepEqual(pixelsOf(flatPng(indexed)), [1, 2, 3, 255, 255, 255, 255, 255, 255, 1, 2, 3]);
  });

  test('undoes all filters of rows', () => {
    for (const [filter, second] of [
      [0, [5, 6]],
      [1, [5, 11]],
      [2, [15, 26]],
      [3, [10, 21]],
      [4, [15, 26]],
    ] as const) {
      const flat = pixelsOf(
        flatPng(
          png(0, [
            [0, 10, 20],
            [filter, 5, 6],
          ]),
        ),
      );
      assert.deepEqual([flat[6], flat[9]], second, `filter ${filter}`);
    }
  });

  test('is refused when damaged, interlaced, or larger than any photo', () => {
    assert.equal(flatPng(png(6, [[0, 1]])), undefined);
    assert.equal(
      flatPng(
        png(6, [
          [9, 1, 1, 1, 1, 1, 1, 1, 1],
          [0, 1, 1, 1, 1, 1, 1, 1, 1],
        ]),
      ),
      undefined,
    );
    assert.equal(flatPng(png(6, [[0]], {}, [0, 0, 255, 255, 0, 0, 255, 255])), undefined);
    assert.equal(flatPng(png(6, [[0]], {}, [0, 0, 0, 2, 0, 0, 0, 2, 8, 6, 0, 0, 1])), undefined);
  });

  test('of any bytes is made or refused', () => {
    const good = png(6, [
      [0, 255, 0, 0, 255, 0, 0, 255, 0],
      [0, 0, 0, 0, 128, 9, 9, 9, 255],
    ]);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255))), (changes) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        const flat = flatPng(bytes);
        assert.ok(flat === undefined || isPng(flat));
      }),
    );
  });
});
