import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { because, type CheckupLine, type Reason } from '../../contract/index.ts';
import { systemErrorCode } from '../../shared/errors.ts';
import { isClockSetByNetwork } from '../../shared/network-clock.ts';
import type { TopicContext } from '../host.ts';
import { line } from '../line.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

/** Two clocks of one network are rarely further apart; by more, things end up on another day. */
const TOLERANCE_MS = 120_000;

/** How the clock went since something began, by one that is never set. */
export interface ClockWatch {
  /** By how much the clock on the wall fell behind meanwhile, in milliseconds. */
  wentBackMs(): number;
}

export function watchClock(now: () => Date, steadyMs: () => number = () => performance.now()): ClockWatch {
  const startedMs = now().getTime() - steadyMs();
  // It may well be ahead: a computer that slept counts no steady time.
  return { wentBackMs: () => Math.max(0, startedMs - (now().getTime() - steadyMs())) };
}

/** Something that was written here, by the clock as it was then. */
export interface Written {
  readonly at: Date;
  /** The version that it is, if it is one. */
  readonly version?: { readonly id: string; readonly device: string };
}

/** What tests put in the place of this computer. */
export interface ClockSeams {
  readonly fileTime: (stateDir: string) => Date | undefined;
  readonly isSetByNetwork: () => boolean;
}

/**
 * Whether the clock can be right: nothing that was written here may come from its future, it may not have gone back during
 * the checkup, and files written now have to get times of now. Where the network has set it, what comes from its future
 * was dated by one that was ahead.
 */
export function lookAtClock(
  { host }: TopicContext,
  written: readonly Written[],
  watch: ClockWatch,
  { fileTime, isSetByNetwork }: ClockSeams = { fileTime: timeOfNewFile, isSetByNetwork: isClockSetByNetwork },
): CheckupLine[] {
  const now = host.now();
  const isRight = isSetByNetwork();
  const ahead = written
    .filter(({ at }) => at.getTime() - now.getTime() > TOLERANCE_MS)
    .toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const misdated = ahead.flatMap(({ at, version }) => (version === undefined ? [] : [misdatedReasons(at, version)]));
  const lines: CheckupLine[] = [];
  const step = [because('do-set-clock', {})];
  const [latest] = ahead;
  if (latest !== undefined && !isRight) {
    const reason = because('clock-behind', { at: now.toISOString(), known: latest.at.toISOString() });
    const [said, , orForget] = misdated[0] ?? [];
    lines.push(line('clock', 'failed', reason, {}, said && orForget ? [said, orForget] : step));
  }
  if (watch.wentBackMs() > TOLERANCE_MS) {
    const seconds = Math.round(watch.wentBackMs() / 1000);
    lines.push(line('clock', 'failed', because('clock-went-back', { seconds }), {}, step));
  }
  const fileAt = fileTime(host.stateDir);
  const differsMs = fileAt === undefined ? 0 : Math.abs(fileAt.getTime() - now.getTime());
  if (differsMs > TOLERANCE_MS) {
    const reason = because('clock-differs-from-disk', { seconds: Math.round(differsMs / 1000) });
    lines.push(line('clock', 'failed', reason, {}, step));
  }
  if (lines.length > 0) return lines;
  const byNetwork = because('clock-set-by-network', {});
  // What is only misdated is named, and is no danger.
  if (misdated.length > 0) {
    const named = misdated.map(([said, forget]) => line('clock', 'unproven', said, {}, [forget]));
    return [line('clock', 'proven', byNetwork), ...named];
  }
  return [line('clock', 'proven', because('clock-agrees', { at: now.toISOString() }), {}, isRight ? [byNetwork] : [])];
}

/** What is said of it; what to do where the clock is right; what where nobody knows. */
function misdatedReasons(at: Date, { id, device }: NonNullable<Written['version']>): [Reason, Reason, Reason] {
  return [
    because('alarm-version-misdated', { name: device, version: id, at: at.toISOString() }),
    because('do-forget-misdated', { version: id }),
    because('do-set-clock-or-forget', { version: id }),
  ];
}

/** The time that a file written now gets; on a disk in the network, that of another computer. */
function timeOfNewFile(stateDir: string): Date | undefined {
  const path = join(stateDir, 'checkups', `clock-${process.pid}`);
  try {
    makeFolders(join(stateDir, 'checkups'), 0o700);
    writeFileSync(path, '');
    const { mtime } = statSync(path);
    rmSync(path, { force: true });
    return mtime;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
