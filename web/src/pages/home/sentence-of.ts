import { because, type DeviceOverview, type Reason } from '../../../../src/contract/index.ts';

/** The sentence under a device's name: first whether it is safe, then why. */
export function sentenceOf({ name, verdict, reasons }: DeviceOverview): readonly Reason[] {
  if (reasons.some(({ code }) => code.startsWith('verdict-'))) return reasons;
  return [because(`verdict-${verdict}`, { name }), ...reasons];
}

/** What is waited for, without what the sentence says already. */
export function comesNext({ reasons, next }: DeviceOverview): readonly Reason[] {
  const said = new Set(reasons.map(({ code }) => code));
  return next.waitingFor.filter(({ code }) => !said.has(code));
}
