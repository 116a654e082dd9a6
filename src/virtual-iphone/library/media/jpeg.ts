/**
 * Baseline JPEG (ITU-T T.81), painted straight in the frequency domain: each block gets the mean of its scene as DC,
 * the slope to its neighbours as the two lowest AC terms, and grain as a few more. A picture of a megapixel takes some
 * ten milliseconds this way, and decodes everywhere.
 */
import type { Random } from '../random.ts';
import { BitWriter } from './bit-writer.ts';
import type { Scene, Ycc } from './scene.ts';

export interface JpegOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly scene: Scene;
  /** Where grain comes from; none without it. */
  readonly random?: Random;
  /** Grain coefficients per block of 8 × 8, on average; about one byte each. */
  readonly grain?: number;
  /** The content of an APP1 segment: "Exif\0\0" and TIFF. */
  readonly exif?: Uint8Array;
}

/** One step of the quantiser for every frequency: DC counts whole shades of grey. */
const QUANTUM = 8;
/** F(0,1) of a block that grows by one shade of grey per pixel, before quantising. */
const SLOPE =
  Math.SQRT2 * [...Array(8).keys()].reduce((sum, x) => sum + (x - 3.5) * Math.cos(((2 * x + 1) * Math.PI) / 16), 0);
const END_OF_BLOCK = 0x00;
const ZERO_RUN = 0xf0;
/**
 * Our own Huffman tables, which a file carries anyway: DC sizes in 4 bits; "end of block" in 2 bits and every other
 * AC symbol in 8. In canonical order the codes follow from these lists.
 */
const DC_SYMBOLS = [...Array(12).keys()];
const AC_SYMBOLS = [ZERO_RUN, ...Array.from({ length: 160 }, (_, i) => (Math.floor(i / 10) << 4) | ((i % 10) + 1))];
const AC_CODES = new Uint8Array(256);
AC_SYMBOLS.forEach((symbol, index) => (AC_CODES[symbol] = 0x40 + index));

/** A whole JPEG file: EXIF (if any), colour at half resolution in both directions. */
export function encodeJpeg(options: JpegOptions): Buffer {
  const { widthPx, heightPx, exif } = options;
  const parts: Buffer[] = [Buffer.from([0xff, 0xd8])];
  if (exif) parts.push(segment(0xe1, exif));
  else parts.push(segment(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1')));
  parts.push(segment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, QUANTUM)])));
  parts.push(segment(0xc0, frameHeader(widthPx, heightPx)));
  parts.push(segment(0xc4, huffmanTable(0x00, [0, 0, 0, 12], DC_SYMBOLS)));
  parts.push(
    segment(0xc4, huffmanTable(0x10, [0, 1, 0, 0, 0, 0, 0, AC_SYMBOLS.length], [END_OF_BLOCK, ...AC_SYMBOLS])),
  );
  parts.push(segment(0xda, Buffer.from([3, 1, 0, 2, 0, 3, 0, 0, 63, 0])));
  parts.push(scan(options), Buffer.from([0xff, 0xd9]));
  return Buffer.concat(parts);
}

function segment(marker: number, content: Uint8Array): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

/** Three components; Y sampled 2 × 2, the colours 1 × 1; all with quantiser table 0. */
function frameHeader(widthPx: number, heightPx: number): Buffer {
  const header = Buffer.from([8, 0, 0, 0, 0, 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0]);
  header.writeUInt16BE(heightPx, 1);
  header.writeUInt16BE(widthPx, 3);
  return header;
}

function huffmanTable(id: number, counts: readonly number[], symbols: readonly number[]): Buffer {
  const lengths = Buffer.alloc(16);
  counts.forEach((count, i) => lengths.writeUInt8(count, i));
  return Buffer.concat([Buffer.from([id]), lengths, Buffer.from(symbols)]);
}

function scan({ widthPx, heightPx, scene, random, grain = 0 }: JpegOptions): Buffer {
  const columns = Math.ceil(widthPx / 16);
  const rows = Math.ceil(heightPx / 16);
  const bits = new BitWriter(columns * rows * 40, { stuffing: true });
  const previous = [0, 0, 0];
  // Colours at the corners of luma blocks; one row is kept while the next is painted.
  const corners = columns * 2 + 1;
  const columnsOfScene = Array.from({ length: corners }, (_, x) => scene((x * 8) / widthPx));
  const paintRow = (row: number): Ycc[] => {
    const v = Math.min(1, (row * 8) / heightPx);
    return columnsOfScene.map((column) => column(v));
  };
  let top = paintRow(0);
  for (let row = 0; row < rows; row++) {
    const middle = paintRow(row * 2 + 1);
    const bottom = paintRow(row * 2 + 2);
    for (let column = 0; column < columns; column++) {
      const x = column * 2;
      block(bits, previous, 0, top, middle, x, 1, random, grain);
      block(bits, previous, 0, top, middle, x + 1, 1, random, grain);
      block(bits, previous, 0, middle, bottom, x, 1, random, grain);
      block(bits, previous, 0, middle, bottom, x + 1, 1, random, grain);
      block(bits, previous, 1, top, bottom, x, 2, undefined, 0);
      block(bits, previous, 2, top, bottom, x, 2, undefined, 0);
    }
    top = bottom;
  }
  return bits.finish();
}

/** Writes one block of 8 × 8 of a component whose corners are `x` and `x + step` of the rows above and below it. */
function block(
  bits: BitWriter,
  previous: number[],
  component: 0 | 1 | 2,
  above: readonly Ycc[],
  below: readonly Ycc[],
  x: number,
  step: number,
  random: Random | undefined,
  grain: number,
): void {
  const a = above[x]?.[component] ?? 128;
  const b = above[x + step]?.[component] ?? a;
  const c = below[x]?.[component] ?? a;
  const d = below[x + step]?.[component] ?? c;
  const dc = Math.max(-1023, Math.min(1016, Math.round((((a + b + c + d) / 4 - 128) * 8) / QUANTUM)));
  const across = Math.round((((b + d - a - c) / 16) * SLOPE) / QUANTUM);
  const down = Math.round((((c + d - a - b) / 16) * SLOPE) / QUANTUM);
  const difference = dc - (previous[component] ?? 0);
  previous[component] = dc;
  const size = bitLength(difference);
  bits.write(size, 4);
  bits.write(magnitudeBits(difference, size), size);
  let run = putCoefficient(bits, 0, across);
  run = putCoefficient(bits, run, down);
  if (random && grain > 0) {
    const count = Math.round(grain * (0.5 + random.fraction()));
    for (let i = 0; i < count; i++) {
      const word = random.word();
      run += word & 3;
      run = putCoefficient(bits, run, (word & 4 ? 1 : -1) * (1 + ((word >>> 3) & 1)));
    }
  }
  bits.write(0, 2);
}

/** Writes a coefficient after `run` zeros; a zero only makes the run longer. Returns the run for the next one. */
function putCoefficient(bits: BitWriter, run: number, value: number): number {
  if (value === 0) return run + 1;
  let zeros = run;
  for (; zeros > 15; zeros -= 16) bits.write(AC_CODES[ZERO_RUN] ?? 0, 8);
  const size = bitLength(value);
  bits.write(AC_CODES[(zeros << 4) | size] ?? 0, 8);
  bits.write(magnitudeBits(value, size), size);
  return 0;
}

function bitLength(value: number): number {
  return 32 - Math.clz32(Math.abs(value));
}

/** Negative values are written as one less, so that the first bit tells the sign. */
function magnitudeBits(value: number, size: number): number {
  return value < 0 ? value + (1 << size) - 1 : value;
}
