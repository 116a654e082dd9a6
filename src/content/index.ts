/** What is in a backup, as typed rows: schemas are looked up, never assumed. */
export { accountsItems, openAccounts, titleOfAccount, type Account } from './accounts/accounts.ts';
export { blockedItems, openBlocked, type BlockedAddress, type BlockList } from './blocked/blocked.ts';
export { Calendars, openCalendars } from './calendar/calendar.ts';
export type { CalendarEvent, CalendarInfo, EventAlarm, EventLocation, Participant } from './calendar/event.ts';
export { calendarItems } from './calendar/items.ts';
export { EVERY_DAY, WEEKDAYS, type RecurrenceRule, type Weekday } from './calendar/recurrence.ts';
export { addDays, calendarTimeKey, type CalendarTime } from './calendar/time.ts';
export { Calls, callsItems, namesOfCall, openCalls } from './calls/open-calls.ts';
export type { Call } from './calls/call.ts';
export { Contacts, contactsItems, openContacts } from './contacts/open-contacts.ts';
export type { Contact, ContactCard, Labelled, OnlineAccount, PartialDate } from './contacts/contact.ts';
export type { ContactPhoto } from './contacts/photos.ts';
export { formatPartialDate } from './contacts/partial-date.ts';
export { ContentDatabase, openContentDatabase, quoted, type Place } from './source/content-database.ts';
export type { ContentItem, ContentKind } from './source/content-item.ts';
export {
  keychainItems,
  openKeychain,
  Secret,
  type Keychain,
  type KeychainItem,
  type KeychainProblem,
} from './keychain/index.ts';
export {
  openPhotos,
  photoItems,
  type Photo,
  type PhotoInBrief,
  type PhotoAlbum,
  type PhotoCamera,
  PhotoCounter,
  type PhotoCounts,
  type PhotoResource,
  Photos,
} from './photos/index.ts';
export { openWifi, wifiItems, type WifiNetwork, type WifiNetworks } from './wifi/index.ts';
export { fragmentItems, recoverFragments, type RecoveredFragment } from './fragments/recover-fragments.ts';
export { openVoicemail, voicemailItems, Voicemails } from './voicemail/open-voicemail.ts';
export type { Voicemail } from './voicemail/voicemail.ts';
export { eventWords, nameOf, reactionWords, senderName } from './messages/event-words.ts';
export type {
  Attachment as MessageAttachment,
  ChatFilter,
  Conversation,
  Message,
  Part as MessagePart,
  Reaction,
  Span as MessageSpan,
} from './messages/message.ts';
export { messageItems } from './messages/message-items.ts';
export { openMessages, type Messages } from './messages/messages.ts';
export type { Timeline as MessageTimeline } from './messages/order.ts';
export { NEVER_IN_A_BACKUP } from './coverage/areas.ts';
export { describeCoverage, type Coverage, type CoveredArea } from './coverage/coverage.ts';
export { dataUsageItems, openDataUsage, type DataUsage, type DataUsages } from './data-usage/data-usage.ts';
export {
  Interactions,
  interactionsItems,
  namesOfInteraction,
  openInteractions,
  type Interaction,
} from './interactions/interactions.ts';
export {
  byIdentifier,
  isInline,
  noteItems,
  openNotes,
  plainText,
  type AttachmentKind,
  type Highlight,
  type LockState,
  type Note,
  type NoteAccount,
  type NoteAttachment,
  type NoteDocument,
  type NoteFile,
  type NoteFolder,
  type NoteLock,
  type NoteParagraph,
  type Notes,
  type NoteSpan,
  type NoteTable,
  type NoteTranscript,
  type ParagraphStyle,
  type TextLook,
  type TextSpan,
} from './notes/index.ts';
export { remindersItems } from './reminders/items.ts';
export type { Reminder, ReminderList } from './reminders/reminder.ts';
export { openReminders, Reminders } from './reminders/reminders.ts';
export {
  openVoiceMemos,
  voiceMemoItems,
  type VoiceMemo,
  type VoiceMemos,
  type VoiceMemoTranscript,
} from './voice-memos/index.ts';
export {
  openWhatsApp,
  WhatsApp,
  type WhatsAppAccount,
  type WhatsAppCall,
  type WhatsAppChat,
  whatsappChatKey,
  type WhatsAppContact,
  whatsappItems,
  whatsappKey,
  type WhatsAppMedia,
  type WhatsAppMessage,
  type WhatsAppPerson,
  type WhatsAppReaction,
} from './whatsapp/index.ts';
export { indexedKinds } from './search/indexed-kinds.ts';
export { goneOverTime, searchOverTime, type IndexedVersion, type Occurrence } from './search/over-time.ts';
export { openSealedIndex, sealIndex } from './search/sealed-index.ts';
export {
  EXCERPT_MARKS,
  SearchIndex,
  type IndexedKind,
  type SearchHit,
  type SearchOptions,
} from './search/search-index.ts';
export type { Bookmark } from './safari/bookmarks.ts';
export type { HistoryVisit } from './safari/history.ts';
export { safariItems } from './safari/items.ts';
export { openSafari, type Safari } from './safari/safari.ts';
export type { SafariTab } from './safari/tabs.ts';
export { alarmsItems, clockText, openAlarms, type Alarm, type Alarms } from './alarms/alarms.ts';
export { appleAppName } from './apps/apple-apps.ts';
export { readInfoApplications } from './apps/info-applications.ts';
export { appsItems, containersAmong, openApps, type AppContainer, type Apps, type InstalledApp } from './apps/apps.ts';
export { homeScreenItems, openHomeScreen, type HomeScreen, type HomeScreenIcon } from './home-screen/home-screen.ts';
export {
  type ActivityDay,
  type Correlation,
  Health,
  type HealthBucket,
  healthItems,
  healthTellingOf,
  type HealthDevice,
  type HealthMetadata,
  type HealthMetadataValue,
  type HealthPerson,
  type HealthSample,
  type HealthType,
  type HealthTypeCount,
  openHealth,
  type Provenance,
  type RoutePoint,
  type Workout,
  type WorkoutRoute,
  type WorkoutStatistic,
} from './health/index.ts';
