import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { appendLine } from '../shared/files/append-line.ts';
import { systemErrorCode } from '../shared/errors.ts';
import { makeFolders } from '../shared/files/make-folders.ts';

const time = z.iso.datetime().transform((text) => new Date(text));
const count = z.number().nonnegative();

const Attempt = z.object({
  at: time,
  kind: z.enum(['run', 'verify', 'repair', 'restore']),
  outcome: z.enum(['done', 'paused', 'failed', 'cancelled', 'not-connected']),
  /** `paused`: its hours were over. Why it did not end well, as a person is told. */
  code: z.string().optional(),
  sentence: z.string().optional(),
  hint: z.string().optional(),
  /** Of a run: ids of the snapshots it brought there. */
  copied: z.array(z.string()).optional(),
  pruned: z.boolean().optional(),
  newBytes: count.optional(),
  /** The newest snapshot of each device there. */
  newest: z.record(z.string(), z.object({ snapshot: z.string(), takenAt: time })).optional(),
  /** Of a verification. */
  problems: count.optional(),
  repaired: count.optional(),
  /** Ids of snapshots there that it found not to be whole, and left so; how many of the problems are about them. */
  incomplete: z.array(z.string()).optional(),
  inSnapshots: count.optional(),
  /** Ids of snapshots there that it looked at one by one, and that are whole. */
  whole: z.array(z.string()).optional(),
  proven: z.array(z.string()).optional(),
  unproven: z.array(z.string()).optional(),
  part: z.string().optional(),
});

/** One try of doing something with a copy. */
export type Attempt = z.infer<typeof Attempt>;

const historyPath = (stateDir: string, name: string): string => join(stateDir, 'copies', `${name}.jsonl`);

/** Puts a try down. Not being able to is no reason for the work itself to fail. */
export async function appendAttempt(stateDir: string, name: string, attempt: Attempt): Promise<void> {
  try {
    makeFolders(join(stateDir, 'copies'), 0o700);
    await appendLine(historyPath(stateDir, name), JSON.stringify(attempt));
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
  }
}

/** Every try, oldest first. Lines that were torn are left out. */
export async function attemptsOf(stateDir: string, name: string): Promise<Attempt[]> {
  let text: string;
  try {
    text = await readFile(historyPath(stateDir, name), 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return [];
  }
  return text.split('\n').flatMap((line) => parseLine(line) ?? []);
}

export async function forgetAttempts(stateDir: string, name: string): Promise<void> {
  await rm(historyPath(stateDir, name), { force: true });
}

function parseLine(line: string): Attempt | undefined {
  try {
    return Attempt.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
