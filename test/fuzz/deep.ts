/**
 * Contents that are damaged, as a deep verification sees them: databases, their logs and property lists, encrypted or
 * not. Whatever they hold, there is an outcome, soon.
 */
import assert from 'node:assert/strict';
import { openMemoryDatabase } from '../../src/database/index.ts';
import { encodeBinaryPlist } from '../../src/formats/index.ts';
import { encryptFileContent } from '../../src/keybag/index.ts';
import {
  ContentChecker,
  type ContentFacts,
  type ContentOutcome,
} from '../../src/snapshot/verify-deep/check-content.ts';
import { mutate } from '../support/mutate.ts';
import { randomFrom, seedOfRound, type Random } from '../support/random.ts';

/** Far beyond what these small contents need, even on a busy machine. */
const HANG_MS = 10_000;
const KEY = Buffer.alloc(32, 7);

/** Checks `count` damaged contents; throws on the first without an outcome, naming its seed. */
export async function run(count: number, seed: number): Promise<void> {
  const contents = [
    database(),
    database(),
    encodeBinaryPlist({ a: [1, 'two', new Date(0)], b: { c: Buffer.alloc(5) } }),
  ];
  const log = walHeader();
  const checker = new ContentChecker(1024 * 1024);
  for (let i = 0; i < count; i++) {
    const random = randomFrom(seedOfRound(seed, i));
    const startedMs = performance.now();
    try {
      const hasLog = random.onceIn(4);
      if (hasLog) check(checker, random, mutate(random, log), { isLog: true });
      const { database: verdict, storedBytes } = check(checker, random, mutate(random, random.pick(contents)), {
        hasLog,
        isPropertyList: random.onceIn(2),
      });
      assert.ok(storedBytes >= 0 && verdict?.state !== 'too-large');
      assert.ok(performance.now() - startedMs < HANG_MS, 'checking took too long');
    } catch (cause) {
      throw new Error(`deep fuzz case failed with seed ${seedOfRound(seed, i)}`, { cause });
    }
  }
}

function check(
  checker: ContentChecker,
  random: Random,
  content: Buffer,
  role: Omit<ContentFacts, 'storedBytes'>,
): ContentOutcome {
  const isEncrypted = random.onceIn(2);
  const whole = isEncrypted ? encryptFileContent(KEY, content) : content;
  const stored = random.onceIn(8) ? whole.subarray(0, random.below(whole.length + 1)) : whole;
  checker.begin({ ...role, storedBytes: stored.length, digest: Buffer.alloc(20), ...(isEncrypted && { key: KEY }) });
  const cut = random.below(stored.length + 1);
  checker.push(stored.subarray(0, cut));
  checker.push(stored.subarray(cut));
  return checker.end();
}

/** Two tables with an index, and a full-text one: every kind of page in little space. */
function database(): Buffer {
  using made = openMemoryDatabase();
  made.exec(`PRAGMA page_size = 512; CREATE TABLE t (a TEXT, b INTEGER NOT NULL, c BLOB);
    CREATE INDEX i ON t (a, b); CREATE TABLE u (a TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE VIRTUAL TABLE f USING fts4(words); CREATE TRIGGER g AFTER INSERT ON u BEGIN DELETE FROM t; END`);
  const insert = made.prepare('INSERT INTO t VALUES (?, ?, zeroblob(?))');
  for (let i = 0; i < 30; i++) insert.run(`row ${i}`, i, i === 7 ? 2000 : i);
  made.exec("INSERT INTO f VALUES ('some words'), ('and more')");
  return made.serialize();
}

/** The header of a log and half a frame: enough to be looked into. */
function walHeader(): Buffer {
  const bytes = Buffer.alloc(32 + 24 + 512, 3);
  bytes.writeUInt32BE(0x377f0682, 0);
  bytes.writeUInt32BE(512, 8);
  return bytes;
}
