import { Command, Option } from 'commander';
import {
  Accounts,
  createApp,
  demandSafeListening,
  findWebRoot,
  type HoldfastApp,
  isLoopback,
  listen,
  type Listening,
  listenLocally,
  localSocketPath,
  openWebFiles,
} from '../../server/index.ts';
import { type RunningService, startService } from '../../service/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import { jsonOption, vaultOption, wholeNumber } from '../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../context.ts';
import type { Output } from '../output/output.ts';
import { giveMemoryBackWhenIdle } from '../idle-memory.ts';
import { serviceLog } from '../service-log.ts';
import { untilStopped } from '../until-stopped.ts';
import { VERSION } from '../version.ts';

interface ServeOptions extends VaultOptions {
  readonly host?: string;
  readonly port?: number;
  readonly allowSetup?: boolean;
  readonly network: boolean;
  readonly verbose?: boolean;
}

export function serveCommand(context: CliContext): Command {
  return new Command('serve')
    .description('run the service: back devices up by themselves, and answer browsers')
    .option('--host <address>', 'listen at this address of this computer instead of the one in the settings')
    .addOption(
      new Option('--port <number>', 'listen at this port instead of the one in the settings; 0 for any').argParser(
        wholeNumber(0, 65_535),
      ),
    )
    .option('--allow-setup', 'let the first account be made from elsewhere in the network, with the code shown here')
    .option('--no-network', 'do not look for devices on the Wi-Fi network')
    .option('--verbose', 'also tell what only helps to find mistakes')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((options: ServeOptions) => serve(context, options));
}

/** Until it is told to stop. */
async function serve(context: CliContext, options: ServeOptions): Promise<void> {
  const { places, env, signal } = context;
  const output = outputFor(context, options);
  const logger = serviceLog(context.err, { json: options.json === true, env, verbose: options.verbose === true });
  const vaultDir = vaultDirFor(context, options);
  await using stack = new AsyncDisposableStack();
  const service = stack.use(
    await startService({ places, env, vaultDir, logger, network: options.network, version: VERSION }),
  );
  const accounts = new Accounts({ stateDir: places.stateDir });
  if (accounts.unreadable !== undefined) {
    const { message: reason, hint } = accounts.unreadable;
    logger.error('nobody can sign in; devices are backed up all the same', { reason, hint });
  }
  const where = { ...service.settings.read().server, ...named(options) };
  demandSafeListening({
    host: where.host,
    hasTls: where.tls !== undefined,
    allowsPlainHttp: where.allowPlainHttp,
    hasAccount: accounts.setUpCode === undefined,
    allowsSetUp: options.allowSetup === true,
  });
  const web = openWebFiles(findWebRoot());
  const app = stack.use(createApp({ service, accounts, log: logger, version: VERSION, web }));
  const listening = stack.use(await listen(app, { ...where, log: logger }));
  await listenToCommands(app, places.stateDir, stack, logger);
  if (web === undefined) logger.warn('the web interface is not built; only the API answers');
  stack.use(giveMemoryBackWhenIdle(() => service.jobs()));
  sayWhere(output, service, listening, { setUpCode: accounts.setUpCode, host: where.host, publicUrl: where.publicUrl });
  await untilStopped(signal);
  output.line('Stopping. What runs is kept, and goes on when the service runs again.');
}

function named({ host, port }: ServeOptions): { host?: string; port?: number } {
  return { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) };
}

/** Commands of the same user talk to the service over a socket. Without it they say that the vault is in use. */
async function listenToCommands(
  app: HoldfastApp,
  stateDir: string,
  stack: AsyncDisposableStack,
  logger: Logger,
): Promise<void> {
  try {
    stack.use(await listenLocally(app, localSocketPath(stateDir)));
  } catch (error) {
    if (!isAppError(error)) throw error;
    logger.warn('commands cannot talk to this service', { reason: error.message });
  }
}

interface Where {
  readonly setUpCode: string | undefined;
  readonly host: string;
  readonly publicUrl: string | undefined;
}

function sayWhere(output: Output, service: RunningService, { url, port }: Listening, where: Where): void {
  const { setUpCode, host, publicUrl } = where;
  const address = publicUrl ?? url;
  output.line(`Holdfast is running: ${address}`);
  output.line(`The backups are in ${service.vaultDir}, the settings in ${service.places.settingsFile}.`);
  if (setUpCode !== undefined) {
    output.line(`There is no account yet. Open that address and make the first with this code: ${setUpCode}`);
  }
  if (isLoopback(host) && publicUrl === undefined) {
    output.line('Only this computer can open it. docs/serving.md says how others can.');
  }
  output.line('Ctrl-C stops it.');
  output.record({ event: 'serving', url: address, port, vault: service.vaultDir, setUpCode: setUpCode ?? null });
}
