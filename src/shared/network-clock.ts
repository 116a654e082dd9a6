import { existsSync } from 'node:fs';

/** systemd-timesyncd leaves this once a server of the network has set the clock, and not before, since the computer started. */
const SET_BY_NETWORK = '/run/systemd/timesync/synchronized';

/** Whether the clock of this computer is known to have been set by the network; where not, it may be all the same. */
export const isClockSetByNetwork = (): boolean => existsSync(SET_BY_NETWORK);
