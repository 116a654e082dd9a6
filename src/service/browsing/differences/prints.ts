import { hash } from 'node:crypto';
import type { ContentItem, ContentKind, SearchIndex } from '../../../content/index.ts';
import { forEachInSlices } from '../../../shared/flow/in-slices.ts';
import type { Manifest, ManifestEntry } from '../../../snapshot/index.ts';
import { isAppError } from '../../../shared/errors.ts';

/** What a version holds, as hashes: 16 bytes for each thing, so that two versions of a million things can be compared. */
export interface Prints {
  /** Of what things are called, ascending. */
  readonly keys: BigUint64Array;
  /** Of what they are called and say, ascending. */
  readonly contents: BigUint64Array;
}

export interface Print {
  readonly key: bigint;
  readonly content: bigint;
}

/** @returns undefined where the version could not be read, or could not hold it: nothing is known then. */
export async function printsOfKind(
  index: SearchIndex,
  kind: ContentKind,
  signal: AbortSignal,
): Promise<Prints | undefined> {
  if (index.kinds().get(kind)?.state !== 'read') return undefined;
  const prints = new Growing();
  await forEachInSlices(index.items([kind]), (item) => prints.add(printOfItem(item)), signal);
  return prints.sorted();
}

export function printOfItem({ key, title, text, at }: ContentItem): Print {
  const print = hashOf(key);
  return { key: print, content: hashOf(`${print} ${at?.getTime()} ${title}\0${text}`) };
}

/** Files by their places; what they say by their size and when they were last changed. */
export async function printsOfFiles(manifest: Manifest, signal: AbortSignal): Promise<Prints> {
  const prints = new Growing();
  await forEachInSlices(
    manifest.listing({ onProblem: () => undefined }),
    (entry) => {
      if (entry.kind === 'file') prints.add(printOfFile(entry));
    },
    signal,
  );
  return prints.sorted();
}

export function printOfFile(entry: ManifestEntry): Print {
  const { sizeBytes, modifiedAt } = outlineOf(entry);
  const key = Buffer.from(entry.fileId, 'hex').readBigUInt64LE(0);
  return { key, content: hashOf(`${entry.fileId} ${sizeBytes} ${modifiedAt?.getTime()}`) };
}

function outlineOf(entry: ManifestEntry): { sizeBytes?: number | undefined; modifiedAt?: Date | undefined } {
  try {
    return entry.outline();
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return {};
    throw error;
  }
}

/** 64 bits: two of a million things are taken for one another once in 40,000,000 comparisons. */
const hashOf = (text: string): bigint => hash('sha1', text, 'buffer').readBigUInt64LE(0);

export function holds(sorted: BigUint64Array, wanted: bigint): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0n) < wanted) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === wanted;
}

class Growing {
  #keys = new BigUint64Array(1024);
  #contents = new BigUint64Array(1024);
  #length = 0;

  add({ key, content }: Print): void {
    if (this.#length === this.#keys.length) {
      this.#keys = grown(this.#keys);
      this.#contents = grown(this.#contents);
    }
    this.#keys[this.#length] = key;
    this.#contents[this.#length++] = content;
  }

  sorted(): Prints {
    return {
      keys: this.#keys.subarray(0, this.#length).toSorted(),
      contents: this.#contents.subarray(0, this.#length).toSorted(),
    };
  }
}

function grown(values: BigUint64Array): BigUint64Array<ArrayBuffer> {
  const larger = new BigUint64Array(values.length * 2);
  larger.set(values);
  return larger;
}
