import type { BackupEvent } from '../../../service/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { backUpByService, reachedDevices, servedDevice, type ServedEvent } from '../../by-service/back-up.ts';
import type { LocalService } from '../../by-service/local-service.ts';
import { outputFor, type CliContext } from '../../context.ts';
import { showBackup, type BackupCommandOptions } from './backup.ts';

/** Has the service that keeps the vault make the backup, and shows it as if it were made here. */
export async function backUpOneByService(
  context: CliContext,
  service: LocalService,
  wanted: string | undefined,
  options: BackupCommandOptions,
): Promise<void> {
  const output = outputFor(context, options);
  const device = await servedDevice(service, wanted);
  output.note('The service keeps this vault, and makes the backup.');
  const full = options.full === true;
  await showBackup(eventsOf(backUpByService(service, [device], { full, signal: context.signal })), output);
}

/** Every device in reach of the service. @throws {AppError} DEVICE_NOT_FOUND */
export async function backUpAllByService(
  context: CliContext,
  service: LocalService,
  options: BackupCommandOptions,
): Promise<AsyncGenerator<ServedEvent, void>> {
  const devices = await reachedDevices(service);
  if (devices.length === 0) {
    throw new AppError('DEVICE_NOT_FOUND', 'no paired device is in reach of the service', {
      hint: '`holdfast devices` lists those that are; `holdfast pair` pairs one.',
    });
  }
  return backUpByService(service, devices, { full: options.full === true, signal: context.signal });
}

/** A failure of the only device is the failure of the command. */
async function* eventsOf(events: AsyncIterable<ServedEvent>): AsyncGenerator<BackupEvent, void> {
  for await (const { event } of events) {
    if (event.event === 'failed') throw event.error;
    yield event;
  }
}
