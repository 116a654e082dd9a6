import { randomUUID } from 'node:crypto';
import { because, type NotifyChannel, type PingSettings, type Settings } from '../../contract/index.ts';
import { inWords, Notice, ping, send } from '../../notify/index.ts';
import { type AppError, isAppError } from '../../shared/errors.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { channelSecret, unknownChannel } from './channel-secrets.ts';

export interface TestChannelsRequest {
  readonly settings: Pick<Settings, 'language' | 'notify'>;
  readonly secrets: Pick<SecretStore, 'get'>;
  readonly timeZone: string;
  readonly now: Date;
  /** The id of one channel, or `ping`; every enabled one when left out. */
  readonly only?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface TestedChannel {
  readonly channel: string;
  readonly kind: NotifyChannel['kind'] | 'ping';
  /** What stood in the way, without anything secret; undefined where it got through. */
  readonly problem: AppError | undefined;
  /** It got through, but not to everybody. */
  readonly warning: string | undefined;
}

/**
 * Sends a test message over each channel at once, beside the outbox, and gives a sign of life where that is wanted.
 *
 * @throws {AppError} NOT_FOUND for a channel nobody set up; CANCELLED
 */
export async function* testChannels(request: TestChannelsRequest): AsyncGenerator<TestedChannel, void> {
  const { notify } = request.settings;
  const { only } = request;
  const channels = notify.channels.filter(({ id, enabled }) => (only === undefined ? enabled : id === only));
  const wantsPing = notify.ping !== undefined && (only === undefined || only === 'ping');
  if (only !== undefined && channels.length === 0 && !wantsPing) throw unknownChannel(only, notify);
  for (const channel of channels) {
    yield await tested(channel.id, channel.kind, () => sendTest(channel, request));
  }
  if (wantsPing) yield await tested('ping', 'ping', () => sendPing(notify.ping, request));
}

async function tested(
  channel: string,
  kind: TestedChannel['kind'],
  work: () => Promise<{ warning?: string }>,
): Promise<TestedChannel> {
  try {
    return { channel, kind, problem: undefined, warning: (await work()).warning };
  } catch (error) {
    if (!isAppError(error) || error.code === 'CANCELLED') throw error;
    return { channel, kind, problem: error, warning: undefined };
  }
}

function sendTest(
  channel: NotifyChannel,
  { settings, secrets, timeZone, now, signal, timeoutMs }: TestChannelsRequest,
): Promise<{ warning?: string }> {
  const item = { id: 'test', level: 'safe', reason: because('notice-test', { channel: channel.id }) };
  const notice = Notice.parse({ id: randomUUID(), kind: 'test', at: now.toISOString(), items: [item] });
  const language = channel.language ?? settings.language;
  const told = inWords(notice, { language, now, timeZone, link: settings.notify.link });
  const secret = (part?: 'url'): string | undefined => secrets.get(channelSecret(channel.id, part));
  return send(channel, told, { secret, now: () => now, signal, timeoutMs });
}

async function sendPing(
  settings: PingSettings | undefined,
  { secrets, signal, timeoutMs }: TestChannelsRequest,
): Promise<{ warning?: string }> {
  const url = settings?.url ?? secrets.get(channelSecret('ping', 'url'));
  await ping({ url, isWell: true, onFailure: 'silence', signal, timeoutMs });
  return {};
}
