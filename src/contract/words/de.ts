import { alarms } from './de/alarms.ts';
import { checkup } from './de/checkup.ts';
import { rules } from './de/rules.ts';
import { service } from './de/service.ts';
import { status } from './de/status.ts';
import type { ReasonValues, WordsFor } from './reason-values.ts';

/** Every reason in German. */
export const de: WordsFor<ReasonValues> = { ...rules, ...alarms, ...checkup, ...service, ...status };
