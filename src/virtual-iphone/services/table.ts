import { serveBackup } from '../backup-agent/index.ts';
import { afcService, crashReports, houseArrest } from './afc/afc-service.ts';
import type { OpenFiles } from './afc/open-files.ts';
import { crashReportMover } from './crash-report-mover.ts';
import { diagnosticsRelay } from './diagnostics-relay.ts';
import { heartbeat, type HeartbeatOptions } from './heartbeat.ts';
import { installationProxy } from './installation-proxy.ts';
import { insecureNotificationProxy, notificationProxy } from './notification-proxy.ts';
import type { ServiceTable } from './service.ts';
import { springboard } from './springboard.ts';

/** Every service of the phone by the name lockdown starts it under. */
export function phoneServices(open: OpenFiles, heartbeats: HeartbeatOptions): ServiceTable {
  return new Map([
    ['com.apple.afc', afcService(open)],
    ['com.apple.crashreportcopymobile', crashReports(open)],
    ['com.apple.crashreportmover', crashReportMover],
    ['com.apple.mobile.house_arrest', houseArrest(open)],
    ['com.apple.mobile.notification_proxy', notificationProxy],
    ['com.apple.mobile.insecure_notification_proxy', insecureNotificationProxy],
    ['com.apple.mobile.heartbeat', heartbeat(heartbeats)],
    ['com.apple.mobile.installation_proxy', installationProxy],
    ['com.apple.springboardservices', springboard],
    ['com.apple.mobile.diagnostics_relay', diagnosticsRelay],
    ['com.apple.mobilebackup2', { serve: serveBackup, needsEscrow: true }],
  ]);
}
