import { Command } from 'commander';
import type { ChannelState, NotifyChannel, Settings } from '../../contract/index.ts';
import { loadTelling, openSecretStore, readSettings } from '../../service/index.ts';
import { SILENT_LOGGER } from '../../shared/logger.ts';
import { jsonOption } from '../common-options.ts';
import { outputFor, type CliContext, type CommonOptions } from '../context.ts';
import { formatTime } from '../output/format.ts';
import { newPasswordFrom } from '../password.ts';

interface SecretOptions extends CommonOptions {
  readonly url?: boolean;
  readonly forget?: boolean;
  readonly secretFile?: string;
}

export function notifyCommand(context: CliContext): Command {
  const notify = new Command('notify').description('where alarms, reports and signs of life go');
  notify
    .command('list', { isDefault: true })
    .description('list the channels of the settings file, with what waits and what is in the way')
    .addOption(jsonOption())
    .action((options: CommonOptions) => list(context, options));
  notify
    .command('test')
    .description('send a test message over every channel, or over one')
    .argument('[id]', 'of the channel; "ping" for the sign of life')
    .addOption(jsonOption())
    .action((id: string | undefined, options: CommonOptions) => sendTests(context, id, options));
  notify
    .command('secret')
    .description('seal the password, token or key of a channel on this computer')
    .argument('<id>', 'of the channel; "ping" for the sign of life')
    .option('--url', 'its address is the secret: of a webhook, or of the sign of life')
    .option('--forget', 'forget it')
    .option('--secret-file <file>', 'take it from the first line of this file')
    .addOption(jsonOption())
    .action((id: string, options: SecretOptions) => setSecret(context, id, options));
  return notify;
}

async function list(context: CliContext, options: CommonOptions): Promise<void> {
  const output = outputFor(context, options);
  const { notify } = await readSettings(context.places.settingsFile);
  const { channelStates } = await loadTelling();
  const states = channelStates(context.places.stateDir, notify.channels, SILENT_LOGGER);
  if (states.length === 0) {
    output.line(
      `Nobody is told of alarms yet. docs/alarms.md shows what to write into ${context.places.settingsFile}.`,
    );
  } else {
    output.table(
      ['CHANNEL', 'KIND', 'GOES TO', 'LAST SENT', 'WAITING', 'STATE'],
      states.map((state, i) => rowOf(state, notify.channels[i])),
    );
  }
  for (const state of states) output.record(state);
  if (notify.ping !== undefined) output.line(`A sign of life is given every ${notify.ping.everyMinutes} minutes.`);
}

function rowOf(state: ChannelState, channel: NotifyChannel | undefined): string[] {
  const { id, kind, enabled, lastSentAt, waiting, failingSince, problem } = state;
  const stands = !enabled
    ? 'turned off'
    : failingSince !== undefined
      ? `fails since ${formatTime(new Date(failingSince))}: ${problem ?? '?'}`
      : (problem ?? 'ready');
  const sent = lastSentAt === undefined ? 'never' : formatTime(new Date(lastSentAt));
  return [id, kind, channel === undefined ? '?' : placeOf(channel), sent, String(waiting), stands];
}

/** The host alone: the rest of an address, and a topic, may be as good as a password. */
function placeOf(channel: NotifyChannel): string {
  switch (channel.kind) {
    case 'mail':
      return channel.to.join(', ');
    case 'ntfy':
    case 'gotify':
      return new URL(channel.server).host;
    case 'webhook':
      return channel.url === undefined ? 'a sealed address' : new URL(channel.url).host;
    default:
      return channel satisfies never;
  }
}

async function sendTests(context: CliContext, only: string | undefined, options: CommonOptions): Promise<void> {
  const output = outputFor(context, options);
  const settings: Settings = await readSettings(context.places.settingsFile);
  const { testChannels } = await loadTelling();
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const secrets = openSecretStore(context.places, context.env);
  let count = 0;
  for await (const { channel, kind, problem, warning } of testChannels({
    settings,
    secrets,
    timeZone,
    now: new Date(),
    only,
    signal: context.signal,
  })) {
    count++;
    output.record({
      event: 'tested',
      channel,
      kind,
      code: problem?.code ?? null,
      message: problem?.message ?? warning ?? null,
    });
    if (problem === undefined) {
      output.line(`${channel}: sent${warning === undefined ? '. Look whether it arrived.' : `, but ${warning}.`}`);
      continue;
    }
    output.note(`${channel}: ${problem.message}. ${problem.hint ?? ''}`.trim());
    context.setExitCode(problem.exitCode);
  }
  if (count === 0) output.line('Nobody is told of alarms yet: no channel is set up, or all are turned off.');
}

async function setSecret(context: CliContext, id: string, options: SecretOptions): Promise<void> {
  const output = outputFor(context, options);
  const { notify } = await readSettings(context.places.settingsFile);
  const { setChannelSecret } = await loadTelling();
  const part = options.url === true ? 'url' : undefined;
  const secret = options.forget === true ? undefined : await askSecret(context, id, options);
  setChannelSecret(openSecretStore(context.places, context.env), notify, { id, secret, part });
  output.line(
    secret === undefined
      ? `The secret of ${id} is forgotten.`
      : `The secret of ${id} is sealed. \`holdfast notify test ${id}\` tries it.`,
  );
  output.record({
    event: secret === undefined ? 'secret-forgotten' : 'secret-sealed',
    channel: id,
    part: part ?? null,
  });
}

function askSecret(context: CliContext, id: string, { secretFile, url }: SecretOptions): Promise<string> {
  const question = url === true ? `Address for ${id}: ` : `Password, token or key of ${id}: `;
  return newPasswordFrom(context, secretFile === undefined ? {} : { newPasswordFile: secretFile }, question);
}
