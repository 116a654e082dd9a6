import type { NtfyChannel } from '../../contract/index.ts';
import { levelOf, type NoticeItem } from '../notice.ts';
import { shortText, type Told } from '../told.ts';
import { post } from './post.ts';
import { cutToBytes } from './cut.ts';
import type { SendContext } from '../send-context.ts';

/** ntfy turns what is longer than 4,096 bytes into an attachment, which nobody opens. */
const MAX_MESSAGE_BYTES = 3_800;

const PRIORITIES = { safe: 2, attention: 3, 'at-risk': 4 } as const satisfies Record<NoticeItem['level'], number>;
const TAGS = { safe: 'white_check_mark', attention: 'warning', 'at-risk': 'rotating_light' } as const;

/**
 * Publishes as JSON (docs.ntfy.sh/publish): headers could not carry every language.
 *
 * @throws {AppError} as `post`
 */
export async function sendNtfy(
  channel: NtfyChannel,
  told: Told,
  { secret, signal, timeoutMs }: SendContext,
): Promise<void> {
  const token = secret();
  const level = levelOf(told.notice);
  await post({
    url: channel.server,
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: authorization(token) }),
    },
    body: JSON.stringify({
      topic: channel.topic,
      title: told.title,
      message: cutToBytes(shortText(told), MAX_MESSAGE_BYTES),
      priority: PRIORITIES[level],
      tags: [TAGS[level]],
      ...(told.link === undefined ? {} : { click: told.link }),
    }),
    signal,
    timeoutMs,
  });
}

/** An access token, or `name:password`, of which tokens have no colon. */
function authorization(secret: string): string {
  return secret.includes(':') ? `Basic ${Buffer.from(secret).toString('base64')}` : `Bearer ${secret}`;
}
