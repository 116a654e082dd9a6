/**
 * A checkup that is under way, so that one that was cut off goes on where it stopped:
 *
 *   <stateDir>/checkups/unfinished.jsonl   how it began, then what each of the long looks has found
 */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CheckupLine } from '../contract/index.ts';
import { unlessFailed } from '../shared/flow/unless-failed.ts';
import { checkupsFolder } from './reports/report-folder.ts';
import { makeFolders } from '../shared/files/make-folders.ts';

/** What was found so long ago is looked for again. */
const MAX_AGE_MS = 7 * 86_400_000;

const Began = z.object({
  vaultId: z.string(),
  place: z.string(),
  quick: z.boolean(),
  repair: z.boolean(),
  startedAt: z.coerce.date(),
});
const Step = z.object({ step: z.string(), lines: z.array(CheckupLine) });

/** What the checkup is about that may go on. */
export interface UnderWay {
  readonly vaultId: string;
  /** Where it lies: see `placeOf`. */
  readonly place: string;
  readonly quick: boolean;
  /** What was found before a repair is not so after it. */
  readonly repair: boolean;
}

/** Not being able to keep it costs looking again, and is no reason to stop. */
export class UnfinishedCheckup {
  readonly startedAt: Date;
  /** Whether it goes on with one that was cut off. */
  readonly resumed: boolean;
  readonly #path: string;
  readonly #steps: Map<string, readonly CheckupLine[]>;

  /** Goes on with what was cut off, where it was about the same, or begins anew. */
  constructor(stateDir: string, about: UnderWay, now: Date) {
    this.#path = pathOf(stateDir);
    const known = readUnfinished(stateDir);
    const isSame =
      known !== undefined &&
      known.vaultId === about.vaultId &&
      known.place === about.place &&
      known.quick === about.quick &&
      known.repair === about.repair &&
      isFresh(known, now);
    this.resumed = isSame;
    this.startedAt = isSame ? known.startedAt : now;
    this.#steps = isSame ? known.steps : new Map();
    if (isSame) return;
    unlessFailed(() => {
      makeFolders(checkupsFolder(stateDir), 0o700);
      writeFileSync(this.#path, `${JSON.stringify({ ...about, startedAt: now })}\n`, { mode: 0o600 });
    });
  }

  /** What a look has found before it was cut off; undefined when it did not come to its end. */
  linesOf(step: string): readonly CheckupLine[] | undefined {
    return this.#steps.get(step);
  }

  /** What has failed, or could not be looked at, is looked at again: somebody may have seen to it meanwhile. */
  keep(step: string, lines: readonly CheckupLine[]): void {
    const isProven = lines.some(({ state }) => state === 'proven' || state === 'repaired');
    if (!isProven || lines.some(({ state }) => state === 'failed')) return;
    unlessFailed(() => appendFileSync(this.#path, `${JSON.stringify({ step, lines })}\n`));
  }

  end(): void {
    unlessFailed(() => rmSync(this.#path, { force: true }));
  }
}

/** When the checkup began that is under way or was cut off; undefined when there is none. */
export function unfinishedSince(stateDir: string, now: Date): Date | undefined {
  const known = readUnfinished(stateDir);
  return known !== undefined && isFresh(known, now) ? known.startedAt : undefined;
}

const isFresh = ({ startedAt }: { startedAt: Date }, now: Date): boolean =>
  startedAt <= now && now.getTime() - startedAt.getTime() < MAX_AGE_MS;

function readUnfinished(
  stateDir: string,
): (z.infer<typeof Began> & { steps: Map<string, readonly CheckupLine[]> }) | undefined {
  const text = unlessFailed(() => readFileSync(pathOf(stateDir), 'utf8')) ?? '';
  const [first = '', ...rest] = text.split('\n');
  const began = Began.safeParse(parse(first)).data;
  if (began === undefined) return undefined;
  const steps = rest.flatMap((each) => Step.safeParse(parse(each)).data ?? []);
  return { ...began, steps: new Map(steps.map(({ step, lines }) => [step, lines])) };
}

const pathOf = (stateDir: string): string => join(checkupsFolder(stateDir), 'unfinished.jsonl');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
