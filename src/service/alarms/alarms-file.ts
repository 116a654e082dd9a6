import { join } from 'node:path';
import { z } from 'zod';
import { Notice, NoticeItem } from '../../notify/index.ts';
import type { Logger } from '../../shared/logger.ts';
import { StateJson } from '../../shared/files/state-json.ts';
import { LivingAlarm, PastAlarm } from './life.ts';

const AlarmsFile = z.object({
  version: z.literal(1),
  alarms: z.array(LivingAlarm),
  past: z.array(PastAlarm),
  /** That something is over and is still to be told. */
  overToTell: z.array(NoticeItem),
  /** Made, counted as told, and perhaps not in the outbox yet: a process may die between the two. */
  leaving: z.array(Notice),
  /** The latest time the clock has shown; times after it that turn out to lie ahead. */
  seenAt: z.iso.datetime().optional(),
  /** Since when the clock shows less than it has shown before. */
  wentBackAt: z.iso.datetime().optional(),
  /** Since when something that is dated here has been found to lie ahead. */
  aheadSince: z.iso.datetime().optional(),
  /** When "all is well" was said, or its turn was first waited for. */
  allIsWellAt: z.iso.datetime().optional(),
});
export type AlarmsState = z.infer<typeof AlarmsFile>;

/** What is remembered of alarms, in the state folder. A damaged file is begun anew: what is so now is found and told once more. */
export function alarmsFile(stateDir: string, log: Logger): StateJson<AlarmsState> {
  const nothing: AlarmsState = { version: 1, alarms: [], past: [], overToTell: [], leaving: [] };
  return new StateJson(join(stateDir, 'alarms.json'), AlarmsFile, nothing, log);
}
