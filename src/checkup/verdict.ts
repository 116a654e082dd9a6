import { because, type CheckupCounts, type CheckupLine, type Reason, type Verdict } from '../contract/index.ts';

/** What all lines together say. */
export interface CheckupVerdict {
  readonly verdict: Verdict;
  readonly summary: Reason;
  readonly counts: CheckupCounts;
}

/**
 * Computed, not claimed: at risk where something essential has failed; attention where something else has, or where
 * something essential could not be proven; safe only where neither is so.
 */
export function verdictOf(lines: readonly CheckupLine[], versions: number): CheckupVerdict {
  const count = (state: CheckupLine['state']): number => lines.filter((each) => each.state === state).length;
  const counts = {
    proven: count('proven'),
    repaired: count('repaired'),
    failed: count('failed'),
    unproven: count('unproven'),
  };
  if (versions === 0 && !lines.some((each) => isDanger(each) || isLost(each))) {
    return { verdict: 'unknown', summary: because('checkup-nothing', {}), counts };
  }
  const dangers = lines.filter(isDanger).length;
  if (dangers > 0) return { verdict: 'at-risk', summary: because('checkup-at-risk', { points: dangers }), counts };
  const open = lines.filter((each) => each.state === 'failed' || (each.state === 'unproven' && each.essential)).length;
  if (open > 0) return { verdict: 'attention', summary: because('checkup-attention', { points: open }), counts };
  return { verdict: 'safe', summary: safeSummary(counts), counts };
}

function safeSummary({ proven, repaired, unproven }: CheckupCounts): Reason {
  if (repaired > 0) return because('checkup-safe-after-repair', { repaired });
  return unproven > 0 ? because('checkup-safe-with-gaps', { proven, unproven }) : because('checkup-safe', { proven });
}

/** Of a vault that is empty, too: versions that it had, or what is left of them. */
const isLost = ({ topic, state }: CheckupLine): boolean => topic === 'vault' && state === 'failed';

const isDanger = ({ state, essential }: CheckupLine): boolean => state === 'failed' && essential;
