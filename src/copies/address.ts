import { hostname, networkInterfaces } from 'node:os';

/** The host that an address of restic's names; undefined for a folder, and for places that are known by name alone. */
export function hostOf(repository: string): string | undefined {
  const [, scheme = '', rest = ''] = /^([a-z0-9]{2,}):(.*)$/is.exec(repository) ?? [];
  switch (scheme.toLowerCase()) {
    case 'sftp':
      return hostIn(rest.replace(/^\/\//, ''));
    case 'rest':
    case 's3':
      return hostIn(rest.replace(/^https?:\/\//i, ''));
    default:
      return undefined;
  }
}

/**
 * Whether the way to a repository ends on this computer, as far as its address tells. What answers there may lie on any of
 * its disks, or be the near end of a tunnel.
 *
 * @param own for tests: the names and addresses of this computer.
 */
export function isOnThisComputer(repository: string, own: readonly string[] = ownNames()): boolean {
  const host = hostOf(repository)?.toLowerCase().replace(/\.$/, '');
  return host !== undefined && (LOOPBACK.test(host) || own.includes(host));
}

const LOOPBACK =
  /^(?:(?:.*\.)?localhost|localhost\.localdomain|ip6-(?:localhost|loopback)|127(?:\.\d+){1,3}|0\.0\.0\.0|::1?|(?:0+:){7}0*1|::ffff:127(?:\.\d+){3})$/;

function ownNames(): string[] {
  const name = hostname().toLowerCase();
  const [first = name] = name.split('.', 1);
  const addresses = Object.values(networkInterfaces()).flatMap((each = []) => each.map(({ address }) => address));
  return [name, first, `${first}.local`, ...addresses];
}

/** Of "user@host:path", "host:port/path", "[::1]:8000/": without who signs in. */
function hostIn(address: string): string {
  const [place = ''] = address.split('/', 1);
  const host = place.slice(place.lastIndexOf('@') + 1);
  return /^\[([^\]]*)\]/.exec(host)?.[1] ?? host.split(':', 1)[0] ?? '';
}
