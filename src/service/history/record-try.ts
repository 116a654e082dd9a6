import { AppError, isAppError } from '../../shared/errors.ts';
import { sentence } from '../../shared/text/sentence.ts';
import { firstError } from '../../shared/flow/first-error.ts';
import { appendTry, type Try } from './tries.ts';

/** What a try is about; how it ended is found out. */
export interface TryFacts {
  readonly stateDir: string;
  readonly udid: string;
  readonly kind: Try['kind'];
  /** Asked when it is over: a device may turn from one connection to the other. */
  readonly connection?: () => Try['connection'];
  /** Whether it happened by itself, by a rule. */
  readonly automatic?: boolean | undefined;
  readonly now?: (() => Date) | undefined;
}

/** In the details of the CANCELLED that the service stops its jobs with, so that nobody is taken to have stopped them. */
export const STOPPED_BY_SERVICE = 'service';

/**
 * Passes on what a job tells and writes its end into the history: the snapshot of a `done` event, or the reason it
 * failed for. A history that cannot be written is no reason for a job to fail.
 *
 * Leaving the iteration early counts as cancelled; what is no AppError is a bug and is not put down as a try.
 */
export async function* recordTry<T extends { readonly event: string }>(
  facts: TryFacts,
  job: AsyncIterable<T>,
): AsyncGenerator<T, void> {
  const startedAt = facts.now?.() ?? new Date();
  let asked = false;
  let end: Pick<Try, 'outcome' | 'code' | 'snapshot' | 'sentence' | 'hint'> | undefined = {
    outcome: 'cancelled',
    code: 'CANCELLED',
    sentence: 'Stopped.',
  };
  try {
    for await (const event of job) {
      if (event.event === 'done') end = doneWith(event);
      if ('phase' in event && event.phase === 'waiting-for-passcode') asked = true;
      yield event;
    }
    if (end?.outcome === 'cancelled') end = { outcome: 'done' };
  } catch (failure) {
    const error = firstError(failure);
    end = isAppError(error) ? endOf(error) : undefined;
    throw error;
  } finally {
    if (end !== undefined) await keep(facts, { ...end, startedAt, ...(facts.kind === 'backup' ? { asked } : {}) });
  }
}

/** How the history puts an error. */
export function endOf(error: AppError): Pick<Try, 'outcome' | 'code' | 'sentence' | 'hint'> {
  const { code, message, hint } = error;
  const outcome = outcomeOf(error);
  return { outcome, code, sentence: sentence(message), ...(hint === undefined ? {} : { hint }) };
}

function outcomeOf({ code, details }: AppError): Try['outcome'] {
  if (code === 'CANCELLED') return details['stoppedBy'] === STOPPED_BY_SERVICE ? 'interrupted' : 'cancelled';
  return code === 'PASSCODE_NOT_ENTERED' ? 'not-confirmed' : 'failed';
}

function doneWith(event: object): { outcome: 'done'; snapshot?: string } {
  const isNamed = 'snapshot' in event && typeof event.snapshot === 'string';
  return { outcome: 'done', ...(isNamed ? { snapshot: event.snapshot as string } : {}) };
}

async function keep(
  { stateDir, udid, kind, connection, automatic, now }: TryFacts,
  end: Omit<Try, 'at' | 'kind'>,
): Promise<void> {
  const over = connection?.();
  const entry: Try = {
    at: now?.() ?? new Date(),
    kind,
    ...end,
    ...(over === undefined ? {} : { connection: over }),
    ...(automatic === true ? { automatic } : {}),
  };
  await appendTry(stateDir, udid, entry).catch((error: unknown) => {
    if (!isAppError(error, 'STORAGE_FAILED', 'OUT_OF_SPACE')) throw error;
  });
}
