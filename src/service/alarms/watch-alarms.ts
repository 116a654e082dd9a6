import { isClockSetByNetwork } from '../../shared/network-clock.ts';
import { wasNeverMade } from '../../vault/index.ts';
import type { Assembly, ServiceParts } from '../running/assemble.ts';
import { storageOverview } from '../running/vault/storage-overview.ts';
import { openSecretStore } from '../secrets/secret-store.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import { AlarmWatch, type AlarmWatchOptions } from './alarm-watch.ts';
import type { AlarmFacts } from './facts.ts';
import { gatherFacts } from './gather-facts.ts';

/** The alarms of a service that is put together of these parts. */
export function watchAlarms(
  parts: ServiceParts,
  store: SettingsStore,
  own: Pick<Assembly, 'book' | 'view'>,
  callbacks: Pick<AlarmWatchOptions, 'onChange' | 'onBug'>,
): AlarmWatch {
  const { places, env, vaultDir, logger: log, clock, timeZone } = parts;
  const { stateDir } = places;
  const settings = () => store.read();
  const secrets = openSecretStore({ stateDir }, env);
  const facts = async (now: Date): Promise<AlarmFacts> => {
    const devices = await own.book.all(now);
    const { labels } = await own.view.listing();
    const { problem } = own.view;
    return gatherFacts({
      devices,
      labels,
      settings: settings(),
      settingsAreValid: store.problem === undefined,
      stateDir,
      vaultDir,
      vault: problem === undefined ? 'read' : wasNeverMade(problem) ? 'none' : 'away',
      freeBytes: (await storageOverview(vaultDir))?.freeBytes,
      secrets,
      isClockSetByNetwork: isClockSetByNetwork(),
      now,
      timeZone,
    });
  };
  return new AlarmWatch({ stateDir, log, clock, timeZone, settings, secrets, facts, ...callbacks });
}
