/** Puts the parts together: where things lie, how devices are reached, what a job needs. The only place that wires. */
export {
  chooseDevice,
  deviceSetup,
  findDevice,
  findDevices,
  type DeviceSetup,
  type FindDevicesOptions,
} from './devices/find-devices.ts';
export { choosePair, listPairs, type PairFacts } from './pairs/pairs.ts';
export type { ImportedPair } from './pairs/exchange.ts';
export type { Renewal } from './pairs/renew.ts';
export type { PairingResult } from './pairs/pair-with.ts';
export { normalizeUdid, type DeviceListing, type PairingNeed } from '../device/index.ts';
export type { SnapshotDescription } from './reading/describe-snapshot.ts';
export {
  openForReading,
  snapshotSource,
  type AskPassword,
  type OpenedForReading,
  type OpenForReadingRequest,
} from './reading/open-for-reading.ts';
export type { DoctorRequest } from './doctor/examine.ts';
export type { Finding } from './doctor/finding.ts';
export { appendTry, triesOf, type Try } from './history/tries.ts';
export { findOrRecord } from './history/record-missing.ts';
export { recordTry, type TryFacts } from './history/record-try.ts';
export { backUpDevice, type BackUpRequest } from './backup/back-up-device.ts';
export type { DeviceEvent } from './backup/back-up-devices.ts';
export type { VerifyDeeplyEvent } from './reading/verify-deeply.ts';
export type { BackupEvent, BackupPhase } from '../backup/index.ts';
export { openSecretStore, type SecretStore } from './secrets/secret-store.ts';
export {
  forgetPasswords,
  isPasswordKept,
  keepPassword,
  keptPasswords,
  type PasswordOf,
} from './secrets/backup-passwords.ts';
export type { CheckedSnapshot, CheckPasswordsRequest, PasswordState } from './encryption/check-passwords.ts';
export type { ChangeEncryptionRequest, EncryptionChange, EncryptionEvent } from './encryption/change-encryption.ts';
export { loadBrowsing } from './browsing/load-browsing.ts';
export { removeLeftTakeOuts } from './browsing/take-out/left-take-outs.ts';
export type { Browsing, BrowsingOptions } from './browsing/browsing.ts';
export type { Content } from './browsing/files/stored-content.ts';
export type { Unlocked } from './browsing/unlocked.ts';
export type { Visitor } from './browsing/visitor.ts';
export { loadRestoring } from './restore/load-restoring.ts';
export type {
  RestoreDecision,
  RestoreDeviceEvent,
  RestoreDeviceRequest,
  RestorePlan,
} from './restore/restore-device.ts';
export type { RestoreSelectedEvent, RestoreSelectedRequest } from './restore/restore-selected.ts';
export type { PartAmount, PlannedPart, RestorePhase, SelectionPlan } from '../restore/index.ts';
export { copiesContext } from './copies/copies-context.ts';
export type { CopySetUp } from './copies/set-up-copy.ts';
export type { ForgettingPlan, ForgettingRequest } from './retention/forgetting.ts';
export type { ReadStatus, ReadStatusRequest } from './status/read-status.ts';
export {
  backUpDevices,
  carryOutForgetting,
  changeEncryption,
  checkPasswords,
  describeSnapshot,
  earlierVersionsOf,
  examine,
  exportPair,
  importPairs,
  makeRecoveryPages,
  newestKeybag,
  pairWith,
  planForgetting,
  readSettings,
  readStatus,
  renewPairs,
  searchIndexOf,
  setUpCopy,
  verifyDeeply,
  versionsOf,
} from './load-when-asked.ts';
export type { RecoveryPages, RecoveryPagesRequest } from './recovery-pages.ts';
export { isSnapshotOf } from './reading/snapshots-of-device.ts';
export type { RunningService, ServiceSettings } from './running/running-service.ts';
export { startService, type StartServiceOptions } from './running/start-service.ts';
export { readServiceFacts } from './running/service-lock.ts';
export type { ServiceClock } from './clock.ts';
export { loadTelling } from './alarms/load-telling.ts';
export { loadCheckingUp } from './checkup/load-checking-up.ts';
export type { CheckupEvent } from '../checkup/index.ts';
export { systemdUnit, type UnitOptions } from './systemd/unit.ts';
