import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { openFolderTarget } from '../../src/backup/folder-target.ts';
import { runMobileBackup } from '../../src/device/index.ts';
import { folderSource, openBackup, type Backup } from '../../src/snapshot/index.ts';
import { serveBackup } from '../../src/virtual-iphone/backup-agent/index.ts';
import { startVirtualIphone, type VirtualIphone } from '../../src/virtual-iphone/index.ts';

/** The backup of a virtual iPhone with a person's life on it, as a Finder-like program leaves it in a folder. */
export interface LifelikeBackup {
  /** The folder of the backup itself, named by the UDID. */
  readonly dir: string;
  readonly password: string | undefined;
  open(): Promise<Backup>;
}

/**
 * Backs up a new virtual iPhone into `directory`.
 *
 * @param options.change what happens on the phone before.
 */
export async function backUpLifelikePhone(
  directory: string,
  options: { password?: string; change?: (phone: VirtualIphone) => void } = {},
): Promise<LifelikeBackup> {
  const { password } = options;
  await using phone = await startVirtualIphone({
    stateDir: join(directory, 'phone'),
    library: 'small',
    ...(password !== undefined && { backupPassword: password }),
  });
  options.change?.(phone);
  const dir = await backUpIntoFolder(phone, directory);
  return { dir, password, open: () => openBackup(folderSource(dir), { password }) };
}

/** Has a phone write its backup into `<directory>/backup/<UDID>`, as a Finder-like program does. @returns that folder */
export async function backUpIntoFolder(phone: VirtualIphone, directory: string): Promise<string> {
  const root = join(directory, 'backup');
  await mkdir(root, { recursive: true });
  const [host, agent] = await socketPair(join(directory, 'wire'));
  await using target = await openFolderTarget(root, { udids: [phone.udid] });
  const connection = { service: 'lifelike', transport: 'usb', escrow: true, hostId: undefined } as const;
  const served = serveBackup(agent, phone.context, { ...connection, signal: new AbortController().signal });
  await runMobileBackup({ stream: host, request: { kind: 'backup', udid: phone.udid }, target });
  await served;
  host.destroy();
  agent.destroy();
  return join(root, phone.udid);
}

/** Both ends of a connection. Not a pair of streams in memory: the phone writes from buffers that it fills again. */
async function socketPair(path: string): Promise<[Socket, Socket]> {
  const server = createServer().listen(path);
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const host = connect(path);
  const [agent] = (await accepted) as [Socket];
  server.close();
  return [host, agent];
}
