import type { NotifyChannel } from '../contract/index.ts';
import type { SendContext } from './send-context.ts';
import type { Told } from './told.ts';

/** Taken, but not for everybody it was meant for. */
export interface Sent {
  readonly warning?: string;
}

/**
 * Sends over one channel and comes back when the other side has taken it.
 *
 * @throws {AppError} TELLING_FAILED; CANCELLED. Nothing secret is in it.
 */
export async function send(channel: NotifyChannel, told: Told, context: SendContext): Promise<Sent> {
  switch (channel.kind) {
    // Loaded when first needed: a service that tells nobody is spared them.
    case 'mail':
      return (await import('./mail/send-mail.ts')).sendMail(channel, told, context);
    case 'ntfy':
      await (await import('./web/ntfy.ts')).sendNtfy(channel, told, context);
      return {};
    case 'gotify':
      await (await import('./web/gotify.ts')).sendGotify(channel, told, context);
      return {};
    case 'webhook':
      await (await import('./web/webhook.ts')).sendWebhook(channel, told, context);
      return {};
    default:
      return channel satisfies never;
  }
}
