import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { because, type CheckupLine } from '../../contract/index.ts';
import { systemErrorCode } from '../../shared/errors.ts';
import type { TopicContext } from '../host.ts';
import { line } from '../line.ts';

/** Two clocks of one network are rarely further apart; by more, things end up on another day. */
const TOLERANCE_MS = 120_000;
/** systemd-timesyncd and chrony leave these where the network has set the clock. */
const SYNCHRONISED = ['/run/systemd/timesync/synchronized', '/run/chrony/chronyd.pid'];

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

/**
 * Whether the clock can be right: nothing that was written here may come from its future, it may not have gone back during
 * the checkup, and files written now have to get times of now.
 *
 * @param known when the newest thing was written that is known of: versions, tries, reports.
 */
export function lookAtClock(
  { host }: TopicContext,
  known: readonly Date[],
  watch: ClockWatch,
  fileTime: (stateDir: string) => Date | undefined = timeOfNewFile,
): CheckupLine[] {
  const now = host.now();
  const lines: CheckupLine[] = [];
  const step = [because('do-set-clock', {})];
  const latest = new Date(Math.max(...known.map(Number)));
  if (latest.getTime() - now.getTime() > TOLERANCE_MS) {
    const reason = because('clock-behind', { at: now.toISOString(), known: latest.toISOString() });
    lines.push(line('clock', 'failed', reason, {}, step));
  }
  if (watch.wentBackMs() > TOLERANCE_MS) {
    const seconds = Math.round(watch.wentBackMs() / 1000);
    lines.push(line('clock', 'failed', because('clock-went-back', { seconds }), {}, step));
  }
  const written = fileTime(host.stateDir);
  const differsMs = written === undefined ? 0 : Math.abs(written.getTime() - now.getTime());
  if (differsMs > TOLERANCE_MS) {
    const reason = because('clock-differs-from-disk', { seconds: Math.round(differsMs / 1000) });
    lines.push(line('clock', 'failed', reason, {}, step));
  }
  if (lines.length > 0) return lines;
  const more = SYNCHRONISED.some((path) => existsSync(path)) ? [because('clock-set-by-network', {})] : [];
  return [line('clock', 'proven', because('clock-agrees', { at: now.toISOString() }), {}, more)];
}

/** The time that a file written now gets; on a disk in the network, that of another computer. */
function timeOfNewFile(stateDir: string): Date | undefined {
  const path = join(stateDir, 'checkups', `clock-${process.pid}`);
  try {
    mkdirSync(join(stateDir, 'checkups'), { recursive: true, mode: 0o700 });
    writeFileSync(path, '');
    const { mtime } = statSync(path);
    rmSync(path, { force: true });
    return mtime;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
