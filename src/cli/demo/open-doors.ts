import {
  Accounts,
  createApp,
  findWebRoot,
  listen,
  type Listening,
  listenLocally,
  localSocketPath,
  openWebFiles,
} from '../../server/index.ts';
import type { RunningService } from '../../service/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import { VERSION } from '../version.ts';

/** Who may look at the demo. Shown to everybody: what is in there is made up. */
export const DEMO_ACCOUNT = { name: 'demo', password: 'holdfast demo' } as const;

export interface OpenDoorsRequest {
  readonly service: RunningService;
  /** UDIDs of the devices that belong to the account of the demo. */
  readonly devices: readonly string[];
  readonly language: 'en' | 'de';
  /** Undefined takes the usual one, or any where that is taken. */
  readonly port: number | undefined;
  readonly log: Logger;
}

export interface OpenDoors extends AsyncDisposable {
  readonly url: string;
  /** Whether there is a web interface behind it, or only the API. */
  readonly hasWeb: boolean;
}

/** Serves the demo's service to browsers of this computer, and to the command line. */
export async function openDoors(request: OpenDoorsRequest): Promise<OpenDoors> {
  const { service, devices, language, log } = request;
  const { stateDir } = service.places;
  await using stack = new AsyncDisposableStack();
  const accounts = new Accounts({ stateDir });
  if (accounts.book.isEmpty()) {
    const roles = ['administrator' as const, 'owner' as const];
    await accounts.book.create({ ...DEMO_ACCOUNT, roles, devices: [...devices], language });
  }
  const web = openWebFiles(findWebRoot());
  const app = stack.use(createApp({ service, accounts, log, version: VERSION, web, demo: true }));
  const listening = stack.use(await listenSomewhere((port) => listenAt(app, service, port, log), request.port));
  stack.use(await listenLocally(app, localSocketPath(stateDir)));
  const kept = stack.move();
  return {
    url: listening.url,
    hasWeb: web !== undefined,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function listenAt(
  app: ReturnType<typeof createApp>,
  { settings }: RunningService,
  port: number | undefined,
  log: Logger,
): Promise<Listening> {
  return listen(app, { ...settings.read().server, ...(port === undefined ? {} : { port }), log });
}

/** A service of one's own may have the usual port. */
async function listenSomewhere(
  at: (port: number | undefined) => Promise<Listening>,
  wanted: number | undefined,
): Promise<Listening> {
  try {
    return await at(wanted);
  } catch (error) {
    if (wanted !== undefined || !isAppError(error)) throw error;
    return await at(0);
  }
}
