import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import {
  letADayGoBy,
  startVirtualIphone,
  type Breach,
  type LibrarySize,
  type PasscodeBehaviour,
  type TrustBehaviour,
  type VirtualIphone,
  type VirtualIphoneOptions,
} from '../../virtual-iphone/index.ts';
import { jsonOption, wholeNumber } from '../common-options.ts';
import { outputFor, type CliContext, type CommonOptions } from '../context.ts';
import { untilStopped } from '../until-stopped.ts';
import { plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';

interface VirtualOptions extends CommonOptions {
  readonly socket?: string;
  readonly tcp?: number;
  readonly state: string;
  readonly name?: string;
  readonly model?: string;
  readonly ios?: string;
  readonly seed?: number;
  readonly library?: LibrarySize;
  readonly mutate?: boolean;
  readonly trust?: TrustBehaviour;
  readonly locked?: boolean;
  readonly passcode?: PasscodeBehaviour;
  readonly wifi?: string;
  readonly advertise?: boolean;
  readonly heartbeatGrace?: number;
  readonly passwordFile?: string;
}

export function virtualIphoneCommand(context: CliContext): Command {
  return new Command('virtual-iphone')
    .description('a simulated iPhone behind a usbmuxd socket, for trying things out and for testing tools')
    .option('--socket <path>', 'where to listen as usbmuxd does, a unix socket')
    .option(
      '--tcp <port>',
      'where to listen as usbmuxd does, a port of this computer; 0 takes a free one',
      wholeNumber(0, 65535),
    )
    .requiredOption('--state <dir>', 'where the phone lives; an empty folder becomes a new phone')
    .option('--name <name>', 'what its owner calls it')
    .option('--model <type>', 'product type of a new phone, such as iPhone14,5')
    .option('--ios <version>', 'iOS version, such as 18.5; 9 and older speak the old formats')
    .option('--seed <number>', 'what a new phone is derived from; the same seed makes the same phone', wholeNumber(0))
    .option(
      '--library <size>',
      'what a new phone holds: small, medium, empty, a number of files, or COUNTxBYTES',
      parseLibrary,
    )
    .option('--mutate', 'let a day go by first: about 1 % of its content changes')
    .option(
      '--trust <answer>',
      'its answer to “Trust This Computer?”: accept, deny, ask (never answers), or pending:TIMES (accepts after that many questions)',
      parseTrust,
    )
    .option('--locked', 'start locked with a passcode')
    .option(
      '--passcode <answer>',
      'when a backup asks for it: none (does not ask), accept[:SECONDS], deny, ignore',
      parsePasscode,
    )
    .option('--wifi <ip>', 'also answer on this address, port 62078, as a phone on Wi-Fi does')
    .option('--advertise', 'announce itself by multicast DNS (with --wifi)')
    .option(
      '--heartbeat-grace <seconds>',
      'how long Wi-Fi connections live without an answered heartbeat; 0 for ever, which clients that keep none need (60)',
      wholeNumber(0, 86_400),
    )
    .option('--password-file <file>', 'encrypt its backups with the password in this file')
    .addOption(jsonOption())
    .action((options: VirtualOptions) => runPhone(context, options));
}

async function runPhone(context: CliContext, options: VirtualOptions): Promise<void> {
  const output = outputFor(context, options);
  if (options.mutate === true) letADayGoBy(options.state);
  if (options.socket === undefined && options.tcp === undefined) {
    if (options.mutate === true) return output.line('A day has gone by on the phone.');
    throw new AppError('USAGE', 'the phone needs a place to be found at', {
      hint: 'Give --socket PATH or --tcp PORT.',
    });
  }
  await using phone = await start(await phoneOptions(options, output), output);
  announce(phone, options, output);
  await untilStopped(context.signal);
  output.line('The virtual iPhone is off.');
}

async function start(options: VirtualIphoneOptions, output: Output): Promise<VirtualIphone> {
  if (typeof options.library === 'object')
    output.line(`The phone gets ${plural(options.library.files, 'file')}, if it is new.`);
  try {
    return await startVirtualIphone(options);
  } catch (cause) {
    const systemCode = systemErrorCode(cause);
    if (systemCode === undefined) throw cause;
    throw new AppError('STORAGE_FAILED', `the phone cannot live in ${options.stateDir}`, {
      hint: 'Give --state a new folder, or that of a virtual iPhone, which you may write into.',
      details: { systemCode },
      cause,
    });
  }
}

async function phoneOptions(options: VirtualOptions, output: Output): Promise<VirtualIphoneOptions> {
  const { wifi, passwordFile } = options;
  const wanted = {
    stateDir: options.state,
    socketPath: options.socket,
    tcpPort: options.tcp,
    name: options.name,
    productType: options.model,
    productVersion: options.ios,
    seed: options.seed,
    library: options.library,
    trust: options.trust,
    locked: options.locked,
    passcode: options.passcode,
    wifi:
      wifi === undefined ? undefined : { address: wifi, advertise: options.advertise === true, ...graceOf(options) },
    backupPassword: passwordFile === undefined ? undefined : await readPassword(passwordFile),
  };
  return { ...withoutUndefined(wanted), stateDir: options.state, onBreach: (breach) => reportBreach(breach, output) };
}

function graceOf({ heartbeatGrace }: VirtualOptions): { heartbeatGraceMs?: number } {
  if (heartbeatGrace === undefined) return {};
  return { heartbeatGraceMs: heartbeatGrace === 0 ? Infinity : heartbeatGrace * 1000 };
}

type Given<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Options not given are left out: the phone tells "not given" from "given as undefined". */
function withoutUndefined<T extends object>(value: T): Given<T> {
  // Safe: what is left has lost nothing but its undefined values.
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Given<T>;
}

function announce(phone: VirtualIphone, options: VirtualOptions, output: Output): void {
  const { name, productVersion } = phone.context.identity;
  const address = options.socket === undefined ? `127.0.0.1:${phone.tcpPort ?? 0}` : `UNIX:${options.socket}`;
  output.line(`${name} (iOS ${productVersion}, ${phone.udid}) is plugged in.`);
  output.line(`Point tools at it with  USBMUXD_SOCKET_ADDRESS=${address}`);
  output.line('Ctrl-C turns it off.');
  output.record({ event: 'ready', udid: phone.udid, name, address, tcpPort: phone.tcpPort ?? null });
}

function reportBreach({ rule, detail }: Breach, output: Output): void {
  output.note(`Breach of protocol by the computer: ${rule}: ${detail}`);
  output.record({ event: 'breach', rule, detail });
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new AppError('USAGE', `the password file ${file} cannot be read`, {
      hint: 'Check the path and who may read it; what it holds is the password, without a last line break.',
      cause,
    });
  }
}

function parseLibrary(text: string): LibrarySize {
  if (text === 'small' || text === 'medium' || text === 'empty') return text;
  const match = /^(\d{1,7})(?:x(\d{1,12}))?$/.exec(text);
  if (match === null)
    throw new InvalidArgumentError('It takes small, medium, empty, a number of files, or COUNTxBYTES');
  const files = Number(match[1]);
  return match[2] === undefined ? { files } : { files, sizeBytes: Number(match[2]) };
}

function parseTrust(text: string): TrustBehaviour {
  if (text === 'accept' || text === 'deny' || text === 'ask') return { mode: text };
  const times = /^pending:(\d{1,3})$/.exec(text)?.[1];
  if (times === undefined) throw new InvalidArgumentError('It takes accept, deny, ask or pending:TIMES');
  return { mode: 'pending', times: Number(times) };
}

function parsePasscode(text: string): PasscodeBehaviour {
  const match = /^(none|accept|deny|ignore)(?::(\d{1,5}))?$/.exec(text);
  const mode = match?.[1];
  if (mode !== 'none' && mode !== 'accept' && mode !== 'deny' && mode !== 'ignore') {
    throw new InvalidArgumentError('It takes none, accept[:SECONDS], deny or ignore');
  }
  return { mode, delayMs: Number(match?.[2] ?? '0') * 1000 };
}
