import type { Route } from '../route.ts';
import { accountRoutes } from './accounts.ts';
import { alarmRoutes } from './alarms.ts';
import { checkupRoutes } from './checkups.ts';
import { calendarRoutes } from './content/calendar.ts';
import { callRoutes } from './content/calls.ts';
import { contactRoutes } from './content/contacts.ts';
import { coverageRoutes } from './content/coverage.ts';
import { deviceContentRoutes } from './content/device.ts';
import { differenceRoutes } from './content/differences.ts';
import { fileRoutes } from './content/files.ts';
import { healthDataRoutes } from './content/health.ts';
import { lockRoutes } from './content/lock.ts';
import { messageRoutes } from './content/messages.ts';
import { noteRoutes } from './content/notes.ts';
import { photoRoutes } from './content/photos.ts';
import { reminderRoutes } from './content/reminders.ts';
import { safariRoutes } from './content/safari.ts';
import { searchRoutes } from './content/search.ts';
import { takeOutRoutes } from './content/take-out.ts';
import { voiceMemoRoutes } from './content/voice-memos.ts';
import { whatsAppRoutes } from './content/whatsapp.ts';
import { copyRoutes } from './copies.ts';
import { deviceRoutes } from './devices.ts';
import { documentRoutes } from './document.ts';
import { eventRoutes } from './events.ts';
import { healthRoutes } from './health.ts';
import { jobRoutes } from './jobs.ts';
import { recoverySheetRoutes } from './recovery-sheet.ts';
import { restoreRoutes } from './restore.ts';
import { sessionRoutes } from './session.ts';
import { settingsRoutes } from './settings.ts';
import { snapshotRoutes } from './snapshots.ts';
import { statusRoutes } from './status.ts';

/** All there are: the router, the OpenAPI document and the test of who may use what go by this list. */
export const ROUTES: readonly Route[] = [
  ...healthRoutes,
  ...sessionRoutes,
  ...accountRoutes,
  ...deviceRoutes,
  ...snapshotRoutes,
  ...restoreRoutes,
  ...recoverySheetRoutes,
  ...copyRoutes,
  ...statusRoutes,
  ...alarmRoutes,
  ...checkupRoutes,
  ...jobRoutes,
  ...eventRoutes,
  ...settingsRoutes,
  ...documentRoutes,
  ...lockRoutes,
  ...coverageRoutes,
  ...fileRoutes,
  ...searchRoutes,
  ...messageRoutes,
  ...contactRoutes,
  ...callRoutes,
  ...noteRoutes,
  ...photoRoutes,
  ...reminderRoutes,
  ...voiceMemoRoutes,
  ...calendarRoutes,
  ...safariRoutes,
  ...whatsAppRoutes,
  ...healthDataRoutes,
  ...deviceContentRoutes,
  ...differenceRoutes,
  ...takeOutRoutes,
];
