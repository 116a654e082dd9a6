import type { HealthType } from '../../../../../src/contract/index.ts';

/** The unit behind a value, empty where there is none to speak of. */
export function unitOf({ unit, told }: Pick<HealthType, 'unit' | 'told'>, minutes: string): string {
  if (told === 'minutes') return minutes;
  if (told === 'count' || unit === undefined || unit === 'count') return '';
  return unit === 'count/min' ? '/min' : unit;
}
