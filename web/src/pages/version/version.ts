/** The version that is shown: what every page below it may ask. */
import { createContext, use } from 'react';
import type { SnapshotSummary } from '../../../../src/contract/index.ts';

export interface Version {
  readonly id: string;
  readonly summary: SnapshotSummary;
  /** `/versions/1a2b3c4d` */
  readonly base: string;
  /** What stands behind the kind in the address, decoded: `messages/abc` → `['abc']`. */
  readonly rest: readonly string[];
}

export const VersionContext = createContext<Version | undefined>(undefined);

/** The version whose page this is. Only for pages within its frame. */
export function useVersion(): Version {
  const version = use(VersionContext);
  if (version === undefined) throw new Error('there is no version around this page');
  return version;
}

/** An address below a version. Ids come from the backup: each is encoded. */
export function addressIn(base: string, ...parts: readonly string[]): string {
  return [base, ...parts.map(encodeURIComponent)].join('/');
}

/** The parts of what follows `/versions/:id/`, decoded. What cannot be decoded stays as it is. */
export function partsOf(rest: string | undefined): string[] {
  return (rest ?? '')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
}
