import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesIn } from './tidy.ts';

/** What a job for one device may change while nothing comes of it: its draft, and what belongs to no snapshot yet. */
const OWN = [/^phone\//, /^vault\/(catalogue\.db|lock\.)/, /^vault\/generation$/, /^vault\/drafts\//];
/** What only ever grows. */
const GROWING = [/^vault\/(segments|objects)\//];
const TRACES = ['/holdfast-hostile', join(tmpdir(), 'holdfast-hostile'), 'holdfast-hostile', 'C:'];

/** A picture of everything around a draft, to find out later whether somebody reached out of it. */
export class Surroundings {
  readonly #directory: string;
  readonly #before: ReadonlyMap<string, string>;

  /** @param directory what holds the vault (`vault`) and the phone (`phone`). */
  constructor(directory: string) {
    this.#directory = directory;
    this.#before = hashes(directory);
  }

  /** Checks that everything is as it was. */
  assertUntouched(who: string): void {
    const now = hashes(this.#directory);
    for (const [path, hash] of this.#before) assert.equal(now.get(path), hash, `${who} changed ${path}`);
    for (const path of now.keys()) {
      if (!this.#before.has(path)) assert.ok(matches(GROWING, path), `${who} made ${path}`);
    }
    for (const trace of TRACES) assert.equal(existsSync(trace), false, `${who} made ${trace}`);
  }
}

function hashes(directory: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of filesIn(directory)) {
    if (path === 'mux' || matches(OWN, path)) continue;
    found.set(path, createHash('sha256').update(contentOf(directory, path)).digest('hex'));
  }
  return found;
}

/** When a device was last heard of may be noted at any time: it is, once in an hour. */
function contentOf(directory: string, path: string): Buffer | string {
  const bytes = readFileSync(join(directory, path));
  return path.endsWith('.contact.json') ? bytes.toString().replace(/"contactAt": "[^"]*"/, '') : bytes;
}

function matches(patterns: readonly RegExp[], path: string): boolean {
  return patterns.some((pattern) => pattern.test(path));
}
