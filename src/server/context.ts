import type { RunningService } from '../service/index.ts';
import type { Logger } from '../shared/logger.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { BrowsingKeeper } from './content/browsing-keeper.ts';
import type { LiveEvents } from './live/live-events.ts';
import type { PrintedPages } from './printed-pages.ts';

/** What routes work with. */
export interface ServerContext {
  readonly service: RunningService;
  readonly accounts: Accounts;
  readonly live: LiveEvents;
  /** What is in versions. */
  readonly browsing: BrowsingKeeper;
  /** Pages that wait to be printed. */
  readonly printed: PrintedPages;
  readonly log: Logger;
  readonly version: string;
  /** The document about all routes. */
  readonly openApi: () => Readonly<Record<string, unknown>>;
  /** Everything is made up. */
  readonly demo: boolean;
}
