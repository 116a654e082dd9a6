import { isNotFound } from '../../shared/target/backup-target.ts';
import { FormatError } from '../../shared/errors.ts';
import type { BackupSource } from '../../snapshot/index.ts';

/** A whole file of a backup in memory; undefined when there is none. @throws {FormatError} when it is larger, or changes */
export async function readAll(source: BackupSource, path: string, maxBytes: number): Promise<Buffer | undefined> {
  let file;
  try {
    file = await source.read(path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
  const { sizeBytes } = file;
  if (sizeBytes > maxBytes) throw new FormatError(`${path} is too large to be one`, { details: { sizeBytes } });
  const bytes = Buffer.allocUnsafeSlow(sizeBytes);
  let filled = 0;
  for await (const chunk of file.chunks()) {
    if (filled + chunk.length > sizeBytes) throw new FormatError(`${path} changed while it was being read`);
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled !== sizeBytes) throw new FormatError(`${path} changed while it was being read`);
  return bytes;
}
