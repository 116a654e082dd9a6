import { readFile, stat } from 'node:fs/promises';
import { createTransport } from 'nodemailer';
import type { MailChannel } from '../../contract/index.ts';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import type { SendContext } from '../send-context.ts';
import type { Sent } from '../send.ts';
import type { Told } from '../told.ts';
import { explainMailError } from './mail-error.ts';
import { mailMessage } from './message.ts';

const PORTS = { tls: 465, starttls: 587, none: 25 } as const;
const CONNECT_MS = 15_000;
/** Servers may think long about what they are given (RFC 5321 §4.5.3.2 allows ten minutes); this one is not waited for. */
const SILENCE_MS = 60_000;
/** What most servers take, with what encoding adds. */
const MAX_ATTACHED_BYTES = 10_000_000;

/**
 * Sends one mail. Certificates are always checked, and STARTTLS never falls back to an open connection.
 *
 * @throws {AppError} TELLING_FAILED; its `isLasting` tells that trying again alone will not help. CANCELLED.
 */
export async function sendMail(channel: MailChannel, told: Told, context: SendContext): Promise<Sent> {
  const password = channel.user === undefined ? undefined : context.secret();
  if (channel.user !== undefined && password === undefined) throw passwordMissing(channel.id);
  const ca = channel.caFile === undefined ? undefined : await readCertificates(channel.caFile);
  const { timeoutMs } = context;
  const transport = createTransport({
    host: channel.host,
    port: channel.port ?? PORTS[channel.security],
    secure: channel.security === 'tls',
    requireTLS: channel.security === 'starttls',
    ignoreTLS: channel.security === 'none',
    ...(channel.user === undefined ? {} : { auth: { user: channel.user, pass: password } }),
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: timeoutMs ?? CONNECT_MS,
    greetingTimeout: timeoutMs ?? CONNECT_MS,
    dnsTimeout: timeoutMs ?? CONNECT_MS,
    socketTimeout: timeoutMs ?? SILENCE_MS,
    // Nothing in a mail of ours is to make the library read files or addresses by itself.
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
  try {
    const { rejected } = await transport.sendMail({
      ...mailMessage(channel, told, context.now()),
      attachments: await attachmentsOf(told),
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
    return rejected.length === 0 ? {} : { warning: `${channel.host} does not take mail for ${addresses(rejected)}` };
  } catch (cause) {
    if (context.signal?.aborted === true) throw new AppError('CANCELLED', 'telling was stopped', { cause });
    throw explainMailError(cause, channel, password);
  } finally {
    transport.close();
  }
}

/** One that was removed meanwhile, or is too large, is left out: the words arrive all the same. */
async function attachmentsOf({ notice }: Told): Promise<{ filename: string; contentType: string; content: Buffer }[]> {
  const attached = [];
  let bytes = 0;
  for (const { path, name, type } of notice.attachments) {
    try {
      bytes += (await stat(path)).size;
      if (bytes > MAX_ATTACHED_BYTES) break;
      attached.push({ filename: name, contentType: type, content: await readFile(path) });
    } catch (error) {
      if (systemErrorCode(error) === undefined) throw error;
    }
  }
  return attached;
}

async function readCertificates(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const systemCode = systemErrorCode(error);
    if (systemCode === undefined) throw error;
    throw new AppError('TELLING_FAILED', `the certificates in ${file} cannot be read`, {
      hint: 'Check caFile in the settings, and who may read that file.',
      details: { systemCode, isLasting: true },
    });
  }
}

function passwordMissing(id: string): AppError {
  return new AppError('TELLING_FAILED', `the password of ${id} is missing`, {
    hint: `Give it once: \`holdfast notify secret ${id}\`.`,
    details: { isLasting: true },
  });
}

const addresses = (rejected: readonly (string | { address?: string | undefined })[]): string =>
  rejected.map((each) => (typeof each === 'string' ? each : (each.address ?? '?'))).join(', ');
