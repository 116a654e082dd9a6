import type { CheckupHost, WrittenReport } from '../../checkup/index.ts';
import { loadCheckingUp } from '../checkup/load-checking-up.ts';
import type { JobHandle } from './job-board.ts';

/** Proves that everything is intact and would come back. @returns the report, where one could be written. */
export async function runCheckupJob(
  handle: JobHandle,
  host: CheckupHost,
  choices: { readonly quick: boolean; readonly repair: boolean; readonly bytesPerSecond: number | undefined },
): Promise<WrittenReport | undefined> {
  const { runCheckup } = await loadCheckingUp();
  let written: WrittenReport | undefined;
  for await (const event of runCheckup(host, { ...choices, signal: handle.signal })) {
    if (event.kind === 'progress') {
      const { topic, overall, bytes } = event;
      handle.progress({ phase: topic, bytes: Math.round(bytes), fraction: Math.min(1, overall) });
    } else if (event.kind === 'done') {
      ({ written } = event);
      const { verdict, summary, counts } = event.report;
      handle.result({ result: { verdict, summary, counts, ...(written && { report: written.report.id }) } });
      if (event.problem !== undefined) throw event.problem;
    }
  }
  return written;
}
