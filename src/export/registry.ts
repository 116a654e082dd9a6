import { callsExport } from './calls/calls-export.ts';
import { voicemailExport } from './voicemail/voicemail-export.ts';
import { contactsExport } from './contacts/contacts-export.ts';
import { calendarExport } from './calendar/index.ts';
import { keychainExport } from './keychain/keychain-export.ts';
import { fragmentsExport } from './fragments/fragments-export.ts';
import { remindersExport } from './reminders/index.ts';
import { safariExport } from './safari/index.ts';
import type { ContentExport } from './kind.ts';
import { wifiExport } from './wifi/wifi-export.ts';

/** Everything that can be taken out, in the order people look for it. */
export const CONTENT_EXPORTS: readonly ContentExport[] = [
  contactsExport,
  callsExport,
  voicemailExport,
  calendarExport,
  remindersExport, safariExport,
  keychainExport,
  wifiExport,
  fragmentsExport,
];
