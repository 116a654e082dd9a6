import { backUpDevices, deviceSetup, findDevices, type DeviceEvent } from '../../../service/index.ts';
import { AppError } from '../../../shared/errors.ts';
import type { ServedEvent } from '../../by-service/back-up.ts';
import { localService } from '../../by-service/local-service.ts';
import { outputFor, vaultDirFor, type CliContext } from '../../context.ts';
import type { Output } from '../../output/output.ts';
import type { ProgressLine } from '../../output/progress-line.ts';
import { doneWords, showEvent, type BackupCommandOptions } from './backup.ts';

/** Backs up every paired device in reach. Ends with the exit code of the first that failed. */
export async function backUpAll(context: CliContext, options: BackupCommandOptions): Promise<void> {
  const { signal } = context;
  const output = outputFor(context, options);
  const service = await localService(context, vaultDirFor(context, options));
  if (service !== undefined) {
    const { backUpAllByService } = await import('./backup-by-service.ts');
    const events = await backUpAllByService(context, service, options);
    await showAll(context, events, output);
    return;
  }
  const setup = deviceSetup(context.env, context.places);
  const devices = (await findDevices(setup, { network: true, signal })).filter(({ paired }) => paired);
  if (devices.length === 0) {
    throw new AppError('DEVICE_NOT_FOUND', 'no paired device is in reach', {
      hint: '`holdfast devices` lists those that are; `holdfast pair` pairs one.',
    });
  }
  const events = backUpDevices({
    setup,
    devices,
    vaultDir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
    full: options.full === true,
    ...(options.reconnect ? {} : { reconnect: { times: 0 } }),
    signal,
  });
  await showAll(context, named(events), output);
}

async function* named(events: AsyncIterable<DeviceEvent>): AsyncGenerator<ServedEvent, void> {
  for await (const { device, event } of events) {
    yield { device: { udid: device.udid, name: device.facts.name ?? device.udid }, event };
  }
}

async function showAll(context: CliContext, events: AsyncIterable<ServedEvent>, output: Output): Promise<void> {
  const line = output.progress();
  const shown = new SharedProgress(line);
  let firstFailure: AppError | undefined;
  try {
    for await (const { device, event } of events) {
      const { name } = device;
      if (event.event === 'failed') firstFailure ??= event.error;
      if (event.event === 'progress') shown.show(name, event.fraction);
      record(output, { device, event });
      tell(prefixed(output, name), line, event);
    }
  } finally {
    line.end();
  }
  if (firstFailure !== undefined) context.setExitCode(firstFailure.exitCode);
}

type Lines = Pick<Output, 'line' | 'note'>;

function tell(output: Lines, line: ProgressLine, event: ServedEvent['event']): void {
  if (event.event === 'failed') output.note(`${event.error.message}. ${event.error.hint ?? ''}`.trimEnd());
  else if (event.event === 'done') for (const words of doneWords(event)) output.line(words);
  else if (event.event !== 'progress') showEvent(event, line, output);
}

/** As one device's are told, with the device on every line. */
function record(output: Output, { device: { udid }, event }: ServedEvent): void {
  if (event.event !== 'failed') return output.record({ ...event, udid });
  const { code, message, hint, details, exitCode } = event.error;
  output.record({ event: 'failed', udid, code, message, hint, details, exitCode });
}

/** Says whose line it is, where those of several devices mix. */
function prefixed(output: Output, name: string): Lines {
  return {
    line: (text = '') => output.line(`${name}: ${text}`),
    note: (text) => output.note(`${name}: ${text}`),
  };
}

/** One moving line for all devices: how far each of them is. */
class SharedProgress {
  readonly #line: ProgressLine;
  readonly #fractions = new Map<string, number>();

  constructor(line: ProgressLine) {
    this.#line = line;
  }

  show(name: string, fraction: number): void {
    this.#fractions.set(name, fraction);
    const facts = [...this.#fractions].map(([each, done]) => `${each} ${Math.floor(done * 100)} %`);
    this.#line.show({ phase: facts.length === 1 ? 'Backing up' : `Backing up ${facts.length} devices`, facts });
  }
}
