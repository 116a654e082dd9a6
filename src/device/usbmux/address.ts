/** Where usbmuxd listens: its defaults, and every way in which programs spell USBMUXD_SOCKET_ADDRESS. */
import { isIPv6 } from 'node:net';
import { AppError } from '../../shared/errors.ts';

export type MuxAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/**
 * Reads an address as usbmuxd's clients write it. libusbmuxd wants `UNIX:/path`, go-ios `unix:///path`, others a bare
 * path; all take `host:port` and `[v6]:port`. Here all of them are the same.
 *
 * @param text the value of USBMUXD_SOCKET_ADDRESS; nothing or blank means the platform's default.
 * @throws {AppError} USAGE when it is none of these.
 *
 * @example
 * parseMuxAddress(process.env['USBMUXD_SOCKET_ADDRESS'])
 */
export function parseMuxAddress(text: string | undefined, platform: NodeJS.Platform = process.platform): MuxAddress {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return defaultMuxAddress(platform);
  const address = parseUnix(trimmed) ?? parseTcp(trimmed);
  if (address !== undefined) return address;
  throw new AppError('USAGE', `“${trimmed}” is no address of usbmuxd`, {
    hint: 'Write UNIX:/path/to/socket or host:port.',
  });
}

/** As libusbmuxd would take it, for messages and for the environment of other programs. */
export function formatMuxAddress(address: MuxAddress): string {
  if (address.kind === 'unix') return `UNIX:${address.path}`;
  return isIPv6(address.host) ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** Apple's service on Windows listens on TCP, everybody else's on a socket file. */
function defaultMuxAddress(platform: NodeJS.Platform): MuxAddress {
  if (platform === 'win32') return { kind: 'tcp', host: '127.0.0.1', port: 27015 };
  return { kind: 'unix', path: '/var/run/usbmuxd' };
}

function parseUnix(text: string): MuxAddress | undefined {
  const path = /^unix:(?:\/\/)?(?<path>.+)$/i.exec(text)?.groups?.['path'];
  if (path !== undefined) return { kind: 'unix', path };
  return /^\.{0,2}\//.test(text) ? { kind: 'unix', path: text } : undefined;
}

function parseTcp(text: string): MuxAddress | undefined {
  const match = /^(?:tcp:(?:\/\/)?)?(?:\[(?<v6>[^\]]+)\]|(?<host>[^:/[\]]*)):(?<port>\d{1,5})$/i.exec(text);
  const { v6, host, port } = match?.groups ?? {};
  const portNumber = Number(port);
  if (match === null || portNumber < 1 || portNumber > 65535) return undefined;
  if (v6 !== undefined && !isIPv6(v6)) return undefined;
  return { kind: 'tcp', host: v6 ?? (host === undefined || host === '' ? '127.0.0.1' : host), port: portNumber };
}
