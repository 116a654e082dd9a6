import { createHmac } from 'node:crypto';
import { WebAddress, type WebhookBody, type WebhookChannel } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { levelOf } from '../notice.ts';
import type { SendContext } from '../send-context.ts';
import type { Told } from '../told.ts';
import { post } from './post.ts';

/**
 * Posts the notice as JSON: the schema is `WebhookBody`, for people in docs/alarms.md.
 *
 * Where the channel has a secret, `X-Holdfast-Signature: sha256=<hex>` is the HMAC-SHA-256 with it over the time in
 * `X-Holdfast-Timestamp` (seconds since 1970), a full stop, and the body as it was sent.
 *
 * @throws {AppError} as `post`, and where no address is known
 */
export async function sendWebhook(channel: WebhookChannel, told: Told, context: SendContext): Promise<void> {
  const url = WebAddress.safeParse(channel.url ?? context.secret('url')).data;
  if (url === undefined) {
    throw new AppError('TELLING_FAILED', `the address of ${channel.id} is missing, or none of http or https`, {
      hint: `Set its url, or keep it sealed: \`holdfast notify secret ${channel.id} --url\`.`,
      details: { isLasting: true },
    });
  }
  const body = JSON.stringify(webhookBody(told));
  const timestamp = Math.floor(context.now().getTime() / 1000);
  const key = context.secret();
  await post({
    url,
    headers: {
      'content-type': 'application/json',
      'x-holdfast-event': told.notice.kind,
      'x-holdfast-delivery': told.notice.id,
      'x-holdfast-timestamp': String(timestamp),
      ...(key === undefined ? {} : { 'x-holdfast-signature': `sha256=${signatureOf(key, timestamp, body)}` }),
    },
    body,
    signal: context.signal,
    timeoutMs: context.timeoutMs,
  });
}

function signatureOf(key: string, timestamp: number, body: string): string {
  return createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex');
}

function webhookBody({ notice, title, lines, link }: Told): WebhookBody {
  return {
    version: 1,
    id: notice.id,
    kind: notice.kind,
    at: notice.at,
    level: levelOf(notice),
    title,
    items: lines.map(({ item, sentence, nextStep }) => ({
      id: item.id,
      code: item.reason.code,
      level: item.level,
      sentence,
      values: item.reason.values,
      ...(item.udid === undefined ? {} : { udid: item.udid }),
      ...(item.since === undefined ? {} : { since: item.since }),
      ...(nextStep === undefined ? {} : { nextStep }),
    })),
    ...(link === undefined ? {} : { link }),
  };
}
