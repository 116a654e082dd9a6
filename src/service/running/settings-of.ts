import { problemOf } from '../jobs/problem-of.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import type { ServiceSettings } from './running-service.ts';

/** The settings as whoever serves the service sees them. */
export function settingsOf(store: SettingsStore): ServiceSettings {
  return {
    read: () => store.read(),
    said: () => store.said(),
    write: (patch) => store.write(patch),
    problem: () => (store.problem === undefined ? undefined : problemOf(store.problem)),
    onChange: (listener) => store.onChange(listener),
  };
}
