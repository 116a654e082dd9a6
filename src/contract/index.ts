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
export { ClockWindow } from './clock-time.ts';
export { BackupRule, DeviceRule, RuleChange, RulePatch, RulePreview } from './rule.ts';
export { RecoverySheet, RecoverySheetRequest } from './recovery-sheet.ts';
export { RetentionRule } from './retention.ts';
export { SnapshotSummary } from './snapshots.ts';
export { TryEntry } from './history.ts';
export { Health } from './health.ts';
export { DEFAULT_PORT, DeviceSettings, ServerSettings, Settings, SettingsAnswer, SettingsPatch } from './settings.ts';
export { Alarm, AlarmChange, AlarmKind, ChannelSecret, ChannelState } from './alarms.ts';
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
export { explainRule, type RuleSentenceOptions } from './words/rule-sentence.ts';
export { say, sayAll } from './words/say.ts';
export { Apps, AppsQuery, InstalledApp } from './content/apps.ts';
export { CalendarEvent, CalendarInfo, CalendarMonth, CalendarQuery, Occurrence } from './content/calendar.ts';
export { Call, Calls, Voicemail, Voicemails } from './content/calls.ts';
export { FileRef, type Page, pageOf, PageQuery, Person, ShownAs } from './content/common.ts';
export { Contact, Contacts, ContactSummary } from './content/contacts.ts';
export { ContentKindName, CoveredArea, Shelf, ShelfKind } from './content/coverage.ts';
export {
  ChangedItem,
  ChangedItems,
  ChangedItemsQuery,
  Differences,
  DifferencesQuery,
  KindDifference,
} from './content/differences.ts';
export {
  FileContentQuery,
  FileDomain,
  FileDomains,
  FindFilesQuery,
  Folder,
  FolderItem,
  FolderQuery,
  FoundFiles,
} from './content/files.ts';
export { HealthOverview, HealthSeries, HealthSeriesQuery, HealthType, Workout, Workouts } from './content/health.ts';
export { ContentLock, KeptPasswordUse, UnlockContent } from './content/lock.ts';
export {
  Conversation,
  ConversationMonths,
  Conversations,
  GroupEvent,
  LastMessage,
  Message,
  MessageApp,
  MessagePart,
  MessageReaction,
  MessagesPage,
  MessagesQuery,
  TextSpan,
} from './content/messages.ts';
export {
  Note,
  NoteAttachment,
  NoteBlock,
  NoteFolder,
  Notes,
  NoteSpan,
  NoteSummary,
  UnlockNotes,
} from './content/notes.ts';
export {
  PhotoAlbum,
  PhotoAlbums,
  PhotoDays,
  PhotoDaysQuery,
  PhotoDetails,
  PhotoPlaces,
  PhotosAt,
  PhotosAtQuery,
  PhotosQuery,
  PhotoSummaries,
  PhotoSummary,
  PhotoView,
  PlacesQuery,
} from './content/photos.ts';
export { Reminder, ReminderList, ReminderPlace, Reminders, RemindersQuery } from './content/reminders.ts';
export { Bookmark, Bookmarks, History, HistoryQuery, Tab, Tabs, Visit } from './content/safari.ts';
export { SearchHit, SearchQuery, SearchResult } from './content/search.ts';
export {
  BlockedCaller,
  BlockedCallers,
  ClockAlarm,
  ClockAlarms,
  DeviceAccount,
  DeviceAccounts,
} from './content/small-lists.ts';
export { TakeOut, TakeOutFormats, TakeOutRequest, TakeOuts } from './content/take-out.ts';
export { VoiceMemo, VoiceMemos, VoiceMemoTranscript } from './content/voice-memos.ts';
export { WhatsAppChat, WhatsAppChats, WhatsAppMessage, WhatsAppPage } from './content/whatsapp.ts';
export { WifiNetwork, WifiNetworks, WifiPassword, WifiQuery } from './content/wifi.ts';
export {
  AddedCopy,
  CopyAttempt,
  CopyCredential,
  CopyName,
  CopyOverview,
  CopyPatch,
  CopySecretsPatch,
  KeepThere,
  NewCopy,
} from './copies.ts';
export { LostPhone } from './lost-phone.ts';
export { RestoreCheck, type RestoreFindingCode, type RestoreFindings } from './restore-checks.ts';
export { RestorableKind, RestoreParts, RestoreWarning, VersionApps } from './restore-parts.ts';
export { DeviceStatus, KeptPlace, Medium, Status } from './status.ts';
export {
  EncryptionRequest,
  ForgetPlan,
  ForgetRequest,
  LabelChange,
  RestoreRequest,
  VerifyRequest,
} from './requests.ts';
