import type { RunningService } from '../../service/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import { knownHosts } from './hosts.ts';
import { proxiesOf, type IsProxy } from './transport.ts';

/** How browsers may reach the service, by its settings. */
export interface Reach {
  readonly hosts: ReadonlySet<string>;
  readonly publicUrl: string | undefined;
  readonly isProxy: IsProxy;
}

/** Follows the settings: a name that is added works at once. */
export function reachOf({ settings }: Pick<RunningService, 'settings'>, log: Logger): Disposable & { now(): Reach } {
  let reach: Reach | undefined;
  const following = settings.onChange(() => (reach = undefined));
  return {
    now() {
      if (reach !== undefined) return reach;
      const { hosts, publicUrl, trustedProxies } = settings.read().server;
      const isProxy = proxiesOf(trustedProxies.filter((entry) => isUsable(entry, log)));
      return (reach = { hosts: knownHosts({ hosts, publicUrl }), publicUrl, isProxy });
    },
    [Symbol.dispose]: () => following[Symbol.dispose](),
  };
}

/** What is no address trusts nobody; the rest of the settings holds. */
function isUsable(entry: string, log: Logger): boolean {
  try {
    proxiesOf([entry]);
    return true;
  } catch (error) {
    if (!isAppError(error)) throw error;
    log.warn(error.message, { hint: error.hint });
    return false;
  }
}
