import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crc32, inflateSync } from 'node:zlib';
import { Random } from '../random.ts';
import { encodeRecording } from './audio.ts';
import { encodeExif, encodeTiff, type CameraFacts } from './exif.ts';
import { encodeHeic } from './heic.ts';
import { encodeJpeg } from './jpeg.ts';
import { durationSeconds, encodeMovie } from './movie.ts';
import { encodePdf } from './pdf.ts';
import { encodeScreenshot } from './png.ts';
import { landscape } from './scene.ts';

const FACTS: CameraFacts = {
  takenAt: new Date('2026-05-01T10:20:30.045Z'),
  utcOffsetMinutes: -330,
  widthPx: 320,
  heightPx: 240,
  model: 'iPhone 13',
  software: '18.5',
  location: { latitude: -33.8688, longitude: 151.2093, altitudeM: 12.5 },
  contentIdentifier: '28E90160-4096-4FB2-8B09-F97177AD78F0',
};

describe('a JPEG', () => {
  const jpeg = encodeJpeg({
    widthPx: 320,
    heightPx: 240,
    scene: landscape(new Random(1)),
    random: new Random(2),
    grain: 4,
  });

  test('is made of the segments of a baseline picture', () => {
    const markers = segmentsOf(jpeg).map(({ marker }) => marker.toString(16));
    assert.deepEqual(markers, ['e0', 'db', 'c0', 'c4', 'c4', 'da']);
    const frame = segmentsOf(jpeg).find(({ marker }) => marker === 0xc0)?.content;
    assert.deepEqual([frame?.readUInt16BE(1), frame?.readUInt16BE(3)], [240, 320]);
  });

  test('has no marker within its scan, and ends with one', () => {
    const scanAt = segmentsOf(jpeg).at(-1)?.end ?? 0;
    for (let at = jpeg.indexOf(0xff, scanAt); at < jpeg.length - 2; at = jpeg.indexOf(0xff, at + 1)) {
      assert.equal(jpeg[at + 1], 0, `at ${at}`);
    }
    assert.equal(jpeg.subarray(-2).toString('hex'), 'ffd9');
  });

  test('decodes to as many blocks as it has room for', () => {
    assert.equal(countBlocks(jpeg), (320 / 16) * (240 / 16) * 6);
  });
});

describe('EXIF', () => {
  const tiff = encodeTiff(FACTS);
  const main = directoryAt(tiff, tiff.readUInt32BE(4));
  const exif = directoryAt(tiff, main.get(0x8769)?.readUInt32BE(0) ?? 0);
  const gps = directoryAt(tiff, main.get(0x8825)?.readUInt32BE(0) ?? 0);

  test('says which camera, and when by the clock on the wall', () => {
    assert.equal(textOf(main, 0x0110), 'iPhone 13');
    assert.equal(textOf(exif, 0x9003), '2026:05:01 04:50:30');
    assert.equal(textOf(exif, 0x9011), '-05:30');
    assert.equal(textOf(exif, 0x9291), '045');
  });

  test('says where, in degrees, minutes and seconds', () => {
    assert.equal(textOf(gps, 0x0001), 'S');
    const [degrees = 0, minutes = 0, seconds = 0] = rationalsOf(gps, 0x0002);
    assert.ok(Math.abs(degrees + minutes / 60 + seconds / 3600 - 33.8688) < 0.00001);
    assert.deepEqual(rationalsOf(gps, 0x0006), [12.5]);
  });

  test("carries the Live Photo's identifier in the maker note", () => {
    const note = exif.get(0x927c) ?? Buffer.alloc(0);
    assert.equal(note.subarray(0, 9).toString(), 'Apple iOS');
    assert.equal(textOf(directoryAt(note, 14), 0x0011), FACTS.contentIdentifier);
  });

  test('leaves the place out where there is none', () => {
    const { location: _none, ...nowhere } = FACTS;
    const without = encodeTiff(nowhere);
    assert.equal(directoryAt(without, without.readUInt32BE(4)).has(0x8825), false);
  });
});

describe('a HEIC', () => {
  const picture = new Random(3).bytes(500);
  const heic = encodeHeic(FACTS, picture);

  test('is made of boxes that fill it exactly', () => {
    assert.deepEqual(typesOf(heic), ['ftyp', 'meta', 'mdat']);
    const meta = inside(heic, 'meta', 4);
    assert.deepEqual(typesOf(meta), ['hdlr', 'pitm', 'iinf', 'iref', 'iprp', 'iloc']);
  });

  test('finds its picture and its EXIF where it says', () => {
    const iloc = inside(inside(heic, 'meta', 4), 'iloc', 4);
    const extents = [10, 24].map((at) => ({ offset: iloc.readUInt32BE(at), length: iloc.readUInt32BE(at + 4) }));
    const [first, second] = extents.map(({ offset, length }) => heic.subarray(offset, offset + length));
    assert.deepEqual(first?.subarray(6), picture);
    assert.deepEqual(second?.subarray(4), encodeExif(FACTS));
  });
});

describe('a movie', () => {
  const frames = [1, 2, 3].map((seed) =>
    encodeJpeg({ widthPx: 320, heightPx: 240, scene: landscape(new Random(seed)) }),
  );
  const movie = { facts: FACTS, frames, framesPerSecond: 24 };
  const bytes = encodeMovie(movie);

  test('finds each frame where its tables say', () => {
    const samples = ['moov', 'trak', 'mdia', 'minf', 'stbl'].reduce((outer, type) => inside(outer, type), bytes);
    const sizes = inside(samples, 'stsz', 12);
    let at = inside(samples, 'stco', 8).readUInt32BE(0);
    frames.forEach((frame, i) => {
      assert.equal(sizes.readUInt32BE(i * 4), frame.length);
      assert.deepEqual(bytes.subarray(at, at + frame.length), frame);
      at += frame.length;
    });
    assert.equal(durationSeconds(movie), 0.125);
  });

  test('tells the same story as the picture it belongs to', () => {
    const values = inside(inside(inside(bytes, 'moov'), 'meta'), 'ilst').toString('latin1');
    assert.match(values, /28E90160-4096-4FB2-8B09-F97177AD78F0/);
    assert.match(values, /2026-05-01T04:50:30-0530/);
    assert.match(values, /-33\.8688\+151\.2093\+012\.500\//);
  });
});

test('a recording lasts as long as it has samples', () => {
  const bytes = encodeRecording(FACTS.takenAt, 2, 440);
  const header = inside(inside(bytes, 'moov'), 'mvhd', 12);
  assert.deepEqual([header.readUInt32BE(0), header.readUInt32BE(4)], [8000, 16_000]);
  assert.equal(inside(bytes, 'mdat').length, 16_000);
});

test('a screenshot is a PNG with right checksums and a row for each line', () => {
  const { bytes, widthPx, heightPx } = encodeScreenshot(new Random(4));
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const typeAndData = bytes.subarray(at + 4, at + 8 + length);
    assert.equal(bytes.readUInt32BE(at + 8 + length), crc32(typeAndData));
    if (typeAndData.toString('latin1', 0, 4) === 'IDAT') data.push(typeAndData.subarray(4));
    at += 12 + length;
  }
  assert.equal(inflateSync(Buffer.concat(data)).length, (widthPx + 1) * heightPx);
});

test('a PDF finds its objects where its table says', () => {
  const text = encodePdf('Grüße (a\\b)').toString('latin1');
  const table = text.slice(Number(/startxref\n(\d+)/.exec(text)?.[1]));
  const offsets = [...table.matchAll(/(\d{10}) 00000 n/g)].map(([, offset]) => Number(offset));
  offsets.forEach((offset, i) => assert.ok(text.startsWith(`${i + 1} 0 obj`, offset)));
  assert.equal(offsets.length, 5);
});

interface Segment {
  readonly marker: number;
  readonly content: Buffer;
  readonly end: number;
}

/** The segments of a JPEG up to its scan. */
function segmentsOf(jpeg: Buffer): Segment[] {
  const segments: Segment[] = [];
  let at = 2;
  do {
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    segments.push({ marker: jpeg.readUInt8(at + 1), content: jpeg.subarray(at + 4, end), end });
    at = end;
  } while (segments.at(-1)?.marker !== 0xda);
  return segments;
}

/** Reads a scan by the tables in the file and counts the blocks of 8 × 8 until only padding is left. */
function countBlocks(jpeg: Buffer): number {
  const tables = segmentsOf(jpeg).filter(({ marker }) => marker === 0xc4);
  const [dc, ac] = tables.map(({ content }) => codesOf(content));
  const bits = bitsOf(jpeg.subarray(segmentsOf(jpeg).at(-1)?.end ?? 0, -2));
  assert.ok(dc && ac);
  let at = 0;
  const symbol = (codes: Map<string, number>): number | undefined => {
    for (let length = 1; length <= 16 && at + length <= bits.length; length++) {
      const known = codes.get(bits.slice(at, at + length));
      if (known === undefined) continue;
      at += length;
      return known;
    }
    return undefined;
  };
  for (let blocks = 0; ; blocks++) {
    if (bits.length - at < 8 && /^1*$/.test(bits.slice(at))) return blocks;
    const size = symbol(dc) ?? assert.fail('no DC code');
    at += size;
    for (let index = 1; index < 64; index++) {
      const code = symbol(ac) ?? assert.fail('no AC code');
      if (code === 0) break;
      index += code >> 4;
      at += code & 15;
      assert.ok(index < 64);
    }
  }
}

/** The codes of a Huffman table as strings of 0 and 1. */
function codesOf(table: Buffer): Map<string, number> {
  const codes = new Map<string, number>();
  let code = 0;
  let symbolAt = 17;
  for (let length = 1; length <= 16; length++) {
    for (let i = 0; i < table.readUInt8(length); i++) {
      codes.set(code.toString(2).padStart(length, '0'), table.readUInt8(symbolAt++));
      code++;
    }
    code <<= 1;
  }
  return codes;
}

function bitsOf(scan: Buffer): string {
  const unstuffed = [...scan].filter((byte, i) => !(byte === 0 && scan[i - 1] === 0xff));
  return unstuffed.map((byte) => byte.toString(2).padStart(8, '0')).join('');
}

/** The entries of a TIFF directory: the bytes of each value. */
function directoryAt(tiff: Buffer, at: number): Map<number, Buffer> {
  const unitBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4];
  const entries = new Map<number, Buffer>();
  for (let i = 0; i < tiff.readUInt16BE(at); i++) {
    const entry = at + 2 + i * 12;
    const length = (unitBytes[tiff.readUInt16BE(entry + 2)] ?? 1) * tiff.readUInt32BE(entry + 4);
    const valueAt = length <= 4 ? entry + 8 : tiff.readUInt32BE(entry + 8);
    entries.set(tiff.readUInt16BE(entry), tiff.subarray(valueAt, valueAt + Math.max(4, length)).subarray(0, length));
  }
  return entries;
}

function textOf(directory: Map<number, Buffer>, tag: number): string | undefined {
  return directory.get(tag)?.toString('latin1').replace(/\0$/, '');
}

function rationalsOf(directory: Map<number, Buffer>, tag: number): number[] {
  const bytes = directory.get(tag) ?? Buffer.alloc(0);
  return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readUInt32BE(i * 8) / bytes.readUInt32BE(i * 8 + 4));
}

function typesOf(boxes: Buffer): string[] {
  const types: string[] = [];
  let at = 0;
  for (; at < boxes.length; at += boxes.readUInt32BE(at)) types.push(boxes.toString('latin1', at + 4, at + 8));
  assert.equal(at, boxes.length);
  return types;
}

/** The content of the first box of a type, less `skip` bytes at its beginning. */
function inside(boxes: Buffer, type: string, skip = 0): Buffer {
  for (let at = 0; at < boxes.length; at += boxes.readUInt32BE(at)) {
    if (boxes.toString('latin1', at + 4, at + 8) === type)
      return boxes.subarray(at + 8 + skip, at + boxes.readUInt32BE(at));
  }
  return assert.fail(`there is no ${type} box`);
}
