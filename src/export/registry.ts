import { accountsExport } from './lists/accounts.ts';
import { blockedExport } from './lists/blocked.ts';
import { dataUsageExport } from './lists/data-usage.ts';
import { interactionsExport } from './lists/interactions.ts';
import { callsExport } from './calls/calls-export.ts';
import { voicemailExport } from './voicemail/voicemail-export.ts';
import { contactsExport } from './contacts/contacts-export.ts';
import { calendarExport } from './calendar/index.ts';
import { healthExport } from './health/health-export.ts';
import { keychainExport } from './keychain/keychain-export.ts';
import { fragmentsExport } from './fragments/fragments-export.ts';
import { remindersExport } from './reminders/index.ts';
import { safariExport } from './safari/index.ts';
import { notesExport } from './notes/notes-export.ts';
import { messagesExport } from './messages/messages-export.ts';
import { alarmsExport } from './alarms/index.ts';
import { appsExport } from './apps/index.ts';
import { homeScreenExport } from './home-screen/index.ts';
import { photosExport } from './photos/photos-export.ts';
import { voiceMemosExport } from './voice-memos/voice-memos-export.ts';
import type { ContentExport } from './kind.ts';
import { whatsappExport } from './whatsapp/whatsapp-export.ts';
import { wifiExport } from './wifi/wifi-export.ts';

/** Everything that can be taken out, in the order people look for it. */
export const CONTENT_EXPORTS: readonly ContentExport[] = [
  messagesExport,
  contactsExport,
  callsExport,
  voicemailExport,
  blockedExport,
  interactionsExport,
  accountsExport,
  dataUsageExport,
  notesExport,
  photosExport,
  voiceMemosExport,
  calendarExport,
  remindersExport,
  safariExport,
  homeScreenExport,
  appsExport,
  alarmsExport,
  whatsappExport,
  healthExport,
  keychainExport,
  wifiExport,
  fragmentsExport,
];
