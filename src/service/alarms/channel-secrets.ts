import type { NotifySettings } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { SecretStore } from '../secrets/secret-store.ts';

/** Under which name a secret of a channel is sealed: its password, token or key, or its address where that is one. */
export function channelSecret(id: string, part?: 'url'): string {
  return part === undefined ? `notify/${id}` : `notify/${id}/${part}`;
}

/**
 * Seals a secret of a channel, or of the signs of life under `ping`; undefined forgets it.
 *
 * @throws {AppError} NOT_FOUND for a channel nobody set up; SECRETS_UNREADABLE, STORAGE_FAILED, OUT_OF_SPACE
 */
export function setChannelSecret(
  secrets: Pick<SecretStore, 'set' | 'delete'>,
  notify: NotifySettings,
  { id, secret, part }: { id: string; secret: string | undefined; part?: 'url' | undefined },
): void {
  const isKnown = id === 'ping' ? notify.ping !== undefined : notify.channels.some((channel) => channel.id === id);
  if (!isKnown) throw unknownChannel(id, notify);
  const name = channelSecret(id, part);
  if (secret === undefined) secrets.delete(name);
  else secrets.set(name, secret);
}

export function unknownChannel(id: string, { channels, ping }: NotifySettings): AppError {
  const known = [...channels.map((each) => each.id), ...(ping === undefined ? [] : ['ping'])];
  return new AppError('NOT_FOUND', `no channel is called ${JSON.stringify(id)}`, {
    hint:
      known.length === 0
        ? 'None is set up: docs/alarms.md shows what to write into the settings file.'
        : `There are: ${known.join(', ')}.`,
  });
}
