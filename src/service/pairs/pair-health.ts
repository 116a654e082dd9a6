/** How long a pairing goes on working without a cable. */

/** Apple's devices stop answering a computer over Wi-Fi that they have not heard of for so long. */
const TRUST_DAYS = 30;
/** Early enough for somebody who is at home at weekends. */
const WARN_DAYS = 21;
const DAY_MS = 86_400_000;

export interface PairHealth {
  readonly state: 'ok' | 'soon' | 'over' | 'unknown';
  /** Days left until the device does not answer over Wi-Fi any more; 0 when that time has come. */
  readonly daysLeft: number | undefined;
  /** What is to be known about it, and what to do; where all is well there is nothing. */
  readonly sentence?: string;
  readonly hint?: string;
}

/**
 * @param name what the device is called in the sentence.
 * @param contactAt when it was last heard of, by cable or Wi-Fi.
 */
export function pairHealth(name: string, contactAt: Date | undefined, now: Date): PairHealth {
  if (contactAt === undefined) return { state: 'unknown', daysLeft: undefined };
  // A clock that was set back must not frighten anybody.
  const days = Math.max(0, Math.floor((now.getTime() - contactAt.getTime()) / DAY_MS));
  const daysLeft = Math.max(0, TRUST_DAYS - days);
  if (days < WARN_DAYS) return { state: 'ok', daysLeft };
  if (daysLeft === 0) {
    return {
      state: 'over',
      daysLeft,
      sentence: `${name} was last heard of ${days} days ago; after ${TRUST_DAYS} it no longer answers over Wi-Fi.`,
      hint: 'Connect it with a cable and unlock it once; then Wi-Fi works again.',
    };
  }
  const left = daysLeft === 1 ? '1 day' : `${daysLeft} days`;
  return {
    state: 'soon',
    daysLeft,
    sentence: `${name} was last heard of ${days} days ago; in ${left} it stops answering this computer over Wi-Fi.`,
    hint: 'Run `holdfast pairs renew` while it is in the same network, or connect it with a cable.',
  };
}
