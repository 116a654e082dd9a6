import type { DamageKind } from '../objects/object-damage.ts';

/** Where a damaged object belongs. */
export interface AffectedFile {
  readonly snapshot: string;
  readonly udid: string;
  readonly deviceName: string;
  /** Relative to the backup folder. */
  readonly path: string;
}

export type VaultProblem =
  | { readonly kind: 'record'; readonly path: string; readonly udid: string }
  | { readonly kind: 'list'; readonly sha256: string; readonly reason: string; readonly snapshots: readonly string[] }
  | {
      readonly kind: 'object';
      readonly sha256: string;
      readonly damage: DamageKind;
      readonly sizeBytes: number;
      /** The file of the vault it lies in, undefined when nothing is known of it. */
      readonly path: string | undefined;
      /** The first of the files that are lost with it; none when only an unfinished backup or garbage has it. */
      readonly files: readonly AffectedFile[];
      /** How many there are in all. */
      readonly fileCount: number;
    }
  /** The index of a segment is damaged; the objects in it can be whole. */
  | { readonly kind: 'segment-index'; readonly path: string }
  /** A list that others are packed against is not there twice any more; what reads them takes the other file. */
  | { readonly kind: 'list-base'; readonly path: string; readonly sha256: string };

/** Whether something that belongs to a snapshot cannot be read. */
export function isLoss(problem: VaultProblem): boolean {
  if (problem.kind === 'object') return problem.fileCount > 0;
  return problem.kind === 'record' || problem.kind === 'list';
}
