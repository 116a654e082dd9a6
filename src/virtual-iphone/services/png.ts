import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** Eight bits a channel, red-green-blue-alpha. */
const BIT_DEPTH = 8;
const COLOUR_TYPE_RGBA = 6;
const BYTES_PER_PIXEL = 4;

/**
 * A PNG picture of which each pixel is computed.
 *
 * @param pixel returns red, green, blue and alpha, 0 to 255.
 */
export function encodePng(width: number, height: number, pixel: (x: number, y: number) => readonly number[]): Buffer {
  const lineBytes = 1 + width * BYTES_PER_PIXEL;
  const lines = Buffer.alloc(height * lineBytes);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // Each line begins with the number of its filter: 0, none.
      lines.set(pixel(x, y), y * lineBytes + 1 + x * BYTES_PER_PIXEL);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = BIT_DEPTH;
  header[9] = COLOUR_TYPE_RGBA;
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND')]);
}

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
