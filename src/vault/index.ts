/** Every version of every device: objects, snapshots, drafts, and the ways in and out of them. */
export type { CommitStep, Draft, SnapshotFacts } from './drafts/draft.ts';
export type { ExportEvent } from './export/export-snapshot.ts';
export type { ImportEvent } from './import/import-folder.ts';
export {
  isVaultExpected,
  listKnownVault,
  openKnownVault,
  wasNeverMade,
  type OpenVaultRequest,
} from './known-vaults.ts';
export type { LabelPatch, SnapshotLabels } from './labels/label-file.ts';
export type { Labels } from './labels/labels.ts';
export { isPlaceForVault, readMark, type VaultMark } from './mark/mark.ts';
export { mendMark } from './mark/mend-mark.ts';
export { MARK_NAME as VAULT_MARK } from './mark/moved-mark.ts';
export type { VaultListing } from './listing.ts';
export type { KnownMovePlan, MoveKnownVaultRequest } from './move/move-known-vault.ts';
export type { MoveEvent } from './move/move-vault.ts';
export { moveKnownVault, planVaultMove } from './moving.ts';
export { loadVaultAhead, openVault, openVaultWith } from './open.ts';
export type { OpenVaultOptions } from './open-vault.ts';
export type { Amount, ReadingOptions } from './objects/verify/verify.ts';
export type { Garbage } from './objects/prune.ts';
export type { PruneVaultOptions, PruneVaultProgress, PruneVaultResult } from './prune/prune-vault.ts';
export type { ForgetObstacle, ForgetOptions } from './retention/forget.ts';
export { DEFAULT_RULE, type KeepRule } from './retention/rule.ts';
export { findAlarms, type FrozenSnapshot, type SnapshotAlarm } from './retention/shrinkage.ts';
export { thin, type KeepReason, type KeptSnapshot, type ThinningPlan, type ThinOptions } from './retention/thin.ts';
export type { DonatedFolder, FetchedObject, ObjectDonor, WantedObject } from './repair/donor.ts';
export type { RepairEvent, RepairOptions } from './repair/repair-vault.ts';
export type { ReplicateEvent, ReplicateOptions } from './replicate/replicate.ts';
export { forecastFull } from './space/growth.ts';
export { isInFuture, newestOfEach } from './snapshots/in-future.ts';
export { knownProblems, lackedAtFirst } from './snapshots/known-problems.ts';
export { passwordDates } from './snapshots/password-dates.ts';
export type { DeviceFacts, SnapshotChecks, SnapshotKind, SnapshotRecord } from './snapshots/record.ts';
export type { DeviceSpace, SnapshotSpace, SpaceOptions, SpaceReport } from './space/space.ts';
export type { UnreadableRecord } from './snapshots/snapshot-store.ts';
export type { SnapshotView } from './snapshots/snapshot-view.ts';
export type { StagedSnapshot, Staging } from './staging/staging.ts';
export type { Vault } from './vault.ts';
export { isLoss, type AffectedFile, type VaultProblem } from './verify/problem.ts';
export type { VerifyVaultEvent, VerifyVaultOptions } from './verify/verify-vault.ts';
export { openReadingLog, type ReadingLogFile } from './verify/open-reading-log.ts';
