import type { DeviceOverview } from '../../../../src/contract/index.ts';
import type { CopyFacts } from '../../words/home.ts';

/** Copies that lag further behind than this do not hold what is shown as backed up. */
const LAG_MS = 48 * 3_600_000;

/** In how many places the newest version lies, the vault being the first; undefined where there is none, or nobody knows. */
export function copyFacts(device: DeviceOverview): CopyFacts | undefined {
  const { lastBackup, copies } = device;
  if (lastBackup === undefined || copies === undefined) return undefined;
  const current = copies.filter(
    ({ newestAt }) => newestAt !== undefined && Date.parse(newestAt) >= Date.parse(lastBackup.at) - LAG_MS,
  );
  const proofs = current.flatMap(({ provenAt }) => provenAt ?? []);
  return {
    places: 1 + current.length,
    offSite: current.filter(({ offSite }) => offSite).length,
    provenAt: proofs.length < current.length ? undefined : proofs.reduce<string | undefined>(earlier, undefined),
  };
}

/** Times in UTC sort as text. */
function earlier(a: string | undefined, b: string): string {
  return a !== undefined && a < b ? a : b;
}
