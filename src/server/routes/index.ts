import type { Route } from '../route.ts';
import { accountRoutes } from './accounts.ts';
import { checkupRoutes } from './checkups.ts';
import { contentChangesRoutes } from './content-changes.ts';
import { contentDeviceRoutes } from './content-device.ts';
import { contentMemosRoutes } from './content-memos.ts';
import { contentMoreRoutes } from './content-more.ts';
import { alarmRoutes } from './alarms.ts';
import { contentPeopleRoutes } from './content-people.ts';
import { contentPhotoRoutes } from './content-photos.ts';
import { contentRoutes } from './content.ts';
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
  ...contentRoutes,
  ...contentPeopleRoutes,
  ...contentPhotoRoutes,
  ...contentMemosRoutes,
  ...contentMoreRoutes,
  ...contentDeviceRoutes,
  ...contentChangesRoutes,
];
