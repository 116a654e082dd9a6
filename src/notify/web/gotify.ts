import type { GotifyChannel } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { levelOf } from '../notice.ts';
import type { SendContext } from '../send-context.ts';
import { shortText, type Told } from '../told.ts';
import { post } from './post.ts';

/** From 4 on the app makes a sound, from 8 on it insists. */
const PRIORITIES = { safe: 2, attention: 5, 'at-risk': 8 } as const;

/** @throws {AppError} as `post`, and where there is no token */
export async function sendGotify(
  channel: GotifyChannel,
  told: Told,
  { secret, signal, timeoutMs }: SendContext,
): Promise<void> {
  const token = secret();
  if (token === undefined) {
    throw new AppError('TELLING_FAILED', `the application token of ${channel.id} is missing`, {
      hint: `Make an application in Gotify and give its token to \`holdfast notify secret ${channel.id}\`.`,
      details: { isLasting: true },
    });
  }
  const base = channel.server.endsWith('/') ? channel.server : `${channel.server}/`;
  await post({
    url: new URL('message', base).href,
    headers: { 'content-type': 'application/json', 'x-gotify-key': token },
    body: JSON.stringify({
      title: told.title,
      message: shortText(told),
      priority: PRIORITIES[levelOf(told.notice)],
      ...(told.link === undefined ? {} : { extras: { 'client::notification': { click: { url: told.link } } } }),
    }),
    signal,
    timeoutMs,
  });
}
