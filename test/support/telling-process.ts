/**
 * A process that tells of overdue phones until it is killed. Arguments: state folder, address of a webhook, how many phones.
 * Prints "started", and "settled" when everything was told.
 */
import { NotifySettings } from '../../src/contract/index.ts';
import { Alarms } from '../../src/service/alarms/alarms.ts';
import { SYSTEM_CLOCK } from '../../src/service/clock.ts';
import { SILENT_LOGGER } from '../../src/shared/logger.ts';

const [stateDir = '', url = '', phones = '0'] = process.argv.slice(2);
const since = new Date('2026-01-01T00:00:00Z');

const alarms = new Alarms({ stateDir, log: SILENT_LOGGER });
const notify = NotifySettings.parse({ channels: [{ id: 'hook', kind: 'webhook', url }] });
process.stdout.write('started\n');
const telling = alarms.startTelling({
  settings: () => ({ language: 'en', notify }),
  secrets: { get: () => undefined },
  clock: SYSTEM_CLOCK,
  timeZone: 'UTC',
  onBug: (error) => {
    throw error;
  },
});
const devices = Array.from({ length: Number(phones) }, (_, i) => {
  const name = `phone ${i}`;
  return { udid: name, name, overdueDays: 7, overdue: { days: 9, since }, lastBackupAt: since };
});
alarms.evaluate({ devices }, new Date());
await telling.settled();
process.stdout.write('settled\n');
await telling[Symbol.asyncDispose]();
