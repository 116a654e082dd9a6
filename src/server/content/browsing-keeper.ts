import {
  loadBrowsing,
  openSecretStore,
  removeLeftTakeOuts,
  type Browsing,
  type RunningService,
  type Visitor,
} from '../../service/index.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { LiveEvents } from '../live/live-events.ts';
import { visitorIdOf, type Principal } from '../principal.ts';

type Entrance = Awaited<ReturnType<typeof loadBrowsing>>;

/** What reads versions, made when somebody first wants to: it loads most of the product's code. */
export class BrowsingKeeper implements AsyncDisposable {
  readonly #service: RunningService;
  readonly #accounts: Accounts;
  readonly #live: Pick<LiveEvents, 'tell'>;
  #made: Promise<{ readonly entrance: Entrance; readonly browsing: Browsing }> | undefined;

  constructor(service: RunningService, accounts: Accounts, live: Pick<LiveEvents, 'tell'>) {
    this.#service = service;
    this.#accounts = accounts;
    this.#live = live;
    removeLeftTakeOuts(service.places.stateDir);
  }

  get(): Promise<{ readonly entrance: Entrance; readonly browsing: Browsing }> {
    this.#made ??= this.#make().catch((error: unknown) => {
      this.#made = undefined;
      throw error;
    });
    return this.#made;
  }

  /** Versions that somebody unlocked are locked when their session ends. */
  visitorOf(principal: Principal): Visitor {
    return { id: visitorIdOf(principal), accountId: principal.account?.id, ended: this.#accounts.endOf(principal) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const made = await this.#made;
    this.#made = undefined;
    await made?.browsing[Symbol.asyncDispose]();
  }

  async #make(): Promise<{ entrance: Entrance; browsing: Browsing }> {
    const entrance = await loadBrowsing();
    const { vaultDir, places } = this.#service;
    const secrets = openSecretStore(places, process.env);
    const onLocked = (visitorId: string, snapshot: string): void =>
      this.#live.tell({ event: 'changed', what: 'locks', snapshot }, visitorId);
    return { entrance, browsing: new entrance.Browsing({ vaultDir, stateDir: places.stateDir, secrets, onLocked }) };
  }
}
