/** When a device is backed up by itself, and how it stands. */
export { decideAll } from './decide-all.ts';
export type { Decision, DeviceFacts, PastTry, RuleHistory, RuleInput } from './facts.ts';
export { nextTries, type NextTriesOptions } from './next-tries.ts';
export { type DeviceVerdict, type Overdue, overdue, type VerdictInput, verdictOf } from './verdict.ts';
