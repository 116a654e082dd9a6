/** Every version of every device: objects, snapshots, drafts, and the ways in and out of them. */
export type { CommitStep, Draft, SnapshotFacts } from './drafts/draft.ts';
export type { ExportEvent } from './export/export-snapshot.ts';
export type { ImportEvent } from './import/import-folder.ts';
export type { LabelPatch, SnapshotLabels } from './labels/label-file.ts';
export type { Labels } from './labels/labels.ts';
export { openVault, type OpenVaultOptions } from './open-vault.ts';
export type { PruneVaultResult } from './prune/prune-vault.ts';
export type { DonatedFolder, FetchedObject, ObjectDonor, WantedObject } from './repair/donor.ts';
export type { RepairEvent, RepairOptions } from './repair/repair-vault.ts';
export type { ReplicateEvent, ReplicateOptions } from './replicate/replicate.ts';
export type { DeviceFacts, SnapshotChecks, SnapshotKind, SnapshotRecord } from './snapshots/record.ts';
export type { UnreadableRecord } from './snapshots/snapshot-store.ts';
export type { SnapshotView } from './snapshots/snapshot-view.ts';
export type { StagedSnapshot, Staging } from './staging/staging.ts';
export type { Vault } from './vault.ts';
export type { AffectedFile, VaultProblem, VerifyVaultEvent, VerifyVaultOptions } from './verify/verify-vault.ts';
