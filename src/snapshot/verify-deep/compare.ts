import type { Amount, DeepRemark } from './events.ts';
import type { Survey } from './survey.ts';

/** Less than this share of what was there before is told. */
const SHARE_LEFT = 0.7;
/** Below both, a domain is too small for its ups and downs to mean anything. */
const SMALL_FILES = 50;
const SMALL_BYTES = 10e6;
const MAX_REMARKS = 20;

/**
 * What is much less than in the backup before: the whole, and each domain. No damage by itself, since people delete
 * things and apps; but whoever did not should hear of it while the earlier backup is still there.
 */
export function shrunk(before: Survey, now: Survey): DeepRemark[] {
  const remarks: DeepRemark[] = [];
  if (isMuchLess(before.total, now.total)) remarks.push(remark(undefined, before.total, now.total));
  const domains = [...before.byDomain]
    .map(([domain, amount]) => remark(domain, amount, now.byDomain.get(domain) ?? { files: 0, bytes: 0 }))
    .filter((each) => isMuchLess(each.before, each.now))
    .toSorted((a, b) => b.before.bytes - b.now.bytes - (a.before.bytes - a.now.bytes));
  return [...remarks, ...domains.slice(0, MAX_REMARKS)];
}

function isMuchLess(before: Amount, now: Amount): boolean {
  return (
    (before.files >= SMALL_FILES && now.files < before.files * SHARE_LEFT) ||
    (before.bytes >= SMALL_BYTES && now.bytes < before.bytes * SHARE_LEFT)
  );
}

function remark(domain: string | undefined, before: Amount, now: Amount) {
  return { kind: 'shrunk', domain, before, now } as const;
}
