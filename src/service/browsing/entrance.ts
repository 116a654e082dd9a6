/** Everything about reading versions through the web, for whoever serves it: see `loadBrowsing`. */
export { Browsing } from './browsing.ts';
export { fileContent } from './files/file-content.ts';
export { findFilesIn, listDomains, listFolderPage } from './files/folders.ts';
export { appIcon, listApps } from './apps/app-pages.ts';
export { listConversations } from './messages/conversation-list.ts';
export { conversationMonths, placeOfMessage, readConversation } from './messages/conversation-pages.ts';
export { listCalls, listVoicemail } from './people/calls.ts';
export { contactPhoto, listContacts, readContact } from './people/contacts.ts';
export { listNotes, noteFile, readNote, unlockNotes } from './people/notes.ts';
export { photoFilm, photoOriginal, photoThumbnail, photoView } from './photos/photo-content.ts';
export {
  listAlbums,
  listPhotos,
  photoDays,
  photoPlaces,
  photosAt,
  placeOfPhoto,
  readPhoto,
} from './photos/photo-pages.ts';
export { listBlockedCallers, listClockAlarms, listDeviceAccounts } from './lists/small-lists.ts';
export { search } from './search.ts';
export { readShelf } from './shelf.ts';
export { readCalendarEvent, readCalendarMonth } from './calendar/calendar-pages.ts';
export { listWorkouts, readHealth, readHealthSeries } from './health/health-pages.ts';
export { listBookmarks, listHistory, listTabs } from './safari/safari-pages.ts';
export { listReminders, placeOfReminder } from './reminders/reminder-pages.ts';
export {
  listVoiceMemos,
  placeOfVoiceMemo,
  voiceMemoRecording,
  voiceMemoTranscript,
} from './voice-memos/voice-memo-pages.ts';
export { listWhatsAppChats, placeOfWhatsAppMessage, readWhatsAppChat } from './whatsapp/whatsapp-chats.ts';
export { listWifiNetworks, wifiPassword } from './wifi/wifi-pages.ts';
export { listChanged, readDifferences } from './differences/differences.ts';
export { takeOutFormats } from './take-out/take-outs.ts';
