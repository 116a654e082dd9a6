import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** Files of real devices, where they are at hand. They are never part of the project. */
const REAL_DATA = join(import.meta.dirname, '../../../../shared/data');

export const hasRealData = (path: string): boolean => existsSync(join(REAL_DATA, path));

/** The files of a zip archive, by their names without folders. */
export function unzip(path: string): Map<string, Buffer> {
  const bytes = readFileSync(join(REAL_DATA, path));
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const name = bytes.toString('utf8', at + 46, at + 46 + (nameBytes ?? 0));
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(start, start + bytes.readUInt32LE(at + 20));
    if (!name.endsWith('/'))
      files.set(basename(name), bytes.readUInt16LE(at + 10) === 0 ? content : inflateRawSync(content));
    at += 46 + (nameBytes ?? 0) + (extraBytes ?? 0) + (commentBytes ?? 0);
  }
  return files;
}

/** What another tool says of the same files: rows of columns. */
export function expectedRows(path: string): unknown[][] {
  const { data } = JSON.parse(readFileSync(join(REAL_DATA, path), 'utf8')) as { data: unknown[][] };
  return data;
}
