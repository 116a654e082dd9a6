import { alarms } from './en/alarms.ts';
import { checkup } from './en/checkup.ts';
import { rules } from './en/rules.ts';
import { service } from './en/service.ts';
import { status } from './en/status.ts';
import type { ReasonValues, WordsFor } from './reason-values.ts';

/** Every reason in English. */
export const en: WordsFor<ReasonValues> = { ...rules, ...alarms, ...checkup, ...service, ...status };
