/** What the HTTP API says and takes, as schemas. Safe in a browser: imports nothing but zod. */
export {
  Account,
  AccountPatch,
  ApiToken,
  MadeToken,
  NewAccount,
  NewToken,
  PasswordChange,
  Role,
  Session,
  SetUp,
  SignedInPlace,
  SignIn,
  TokenScope,
} from './accounts.ts';
export { DeviceOverview, LinkKind, Overview, StorageOverview } from './overview.ts';
export { Job, JobKind, JobProgress, JobState } from './jobs.ts';
export { LiveEvent } from './live-events.ts';
export { Problem } from './problem.ts';
export { Reason, Verdict } from './reason.ts';
export { BackupRule, RulePatch } from './rule.ts';
export { RetentionRule } from './retention.ts';
export { SnapshotSummary } from './snapshots.ts';
export { TryEntry } from './history.ts';
export { Health } from './health.ts';
export { DEFAULT_PORT, DeviceSettings, ServerSettings, Settings, SettingsPatch } from './settings.ts';
export { Alarm, AlarmKind, ChannelState } from './alarms.ts';
export {
  ChannelId,
  GotifyChannel,
  MailChannel,
  NotifyChannel,
  NotifySettings,
  NtfyChannel,
  PingSettings,
  WebAddress,
  WebhookBody,
  WebhookChannel,
} from './notify.ts';
export {
  CheckupCounts,
  CheckupLine,
  CheckupReport,
  Checkups,
  CheckupSettings,
  CheckupState,
  CheckupSummary,
  CheckupTopic,
} from './checkup.ts';
export { formatsOf, type Formats, type Language } from './words/formats.ts';
export { because, type ReasonCode, type ReasonValues } from './words/reason-values.ts';
export { say, sayAll } from './words/say.ts';
