import { crc32, deflateSync } from 'node:zlib';
import type { Random } from '../random.ts';

const WIDTH_PX = 1170;
const HEIGHT_PX = 2532;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A screenshot of an iPhone 13 in portrait: status bar, a conversation of coloured bubbles, the home indicator. */
export function encodeScreenshot(random: Random): { bytes: Buffer; widthPx: number; heightPx: number } {
  // One byte per pixel, an index into the palette; each row begins with its filter (0, none).
  const rowBytes = WIDTH_PX + 1;
  const pixels = Buffer.alloc(rowBytes * HEIGHT_PX);
  const paint = (colour: number, left: number, top: number, width: number, height: number): void => {
    for (let y = top; y < Math.min(HEIGHT_PX, top + height); y++) {
      const row = y * rowBytes + 1;
      pixels.fill(colour, row + left, row + Math.min(WIDTH_PX, left + width));
    }
  };
  paint(1, 0, 0, WIDTH_PX, 280);
  for (let y = 340; y < HEIGHT_PX - 300;) {
    const isMine = random.chance(0.5);
    const width = random.between(260, 820);
    const height = random.between(1, 4) * 66 + 30;
    paint(isMine ? 2 : 3, isMine ? WIDTH_PX - 40 - width : 40, y, width, height);
    for (let line = y + 30; line < y + height - 20; line += 66) {
      paint(isMine ? 0 : 4, (isMine ? WIDTH_PX - 40 - width : 40) + 36, line, width - 72, 30);
    }
    y += height + random.between(12, 60);
  }
  paint(4, 390, HEIGHT_PX - 40, 390, 14);
  const palette = Buffer.from([255, 255, 255, 246, 246, 248, 10, 122, 255, 229, 229, 234, 28, 28, 30]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH_PX, 0);
  header.writeUInt32BE(HEIGHT_PX, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const bytes = Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(pixels, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { bytes, widthPx: WIDTH_PX, heightPx: HEIGHT_PX };
}

function chunk(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length, 0);
  head.write(type, 4, 'latin1');
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(content, crc32(head.subarray(4))), 0);
  return Buffer.concat([head, content, checksum]);
}
