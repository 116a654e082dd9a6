/**
 * Several virtual iPhones behind one usbmuxd, in a process of their own. Arguments: how many, the folder they live in,
 * the files each has and their size in bytes. Prints the address to reach them at, and ends when its input does.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { argv, stdin, stdout } from 'node:process';
import { startVirtualIphone, VirtualMux } from '../../src/virtual-iphone/index.ts';

const [, , count = '1', dir = '', files = '1', sizeBytes = '1'] = argv;

await using stack = new AsyncDisposableStack();
mkdirSync(dir, { recursive: true });
const mux = stack.use(await VirtualMux.start({ stateDir: dir, tcpPort: 0 }));
for (let i = 0; i < Number(count); i++) {
  const library = { files: Number(files), sizeBytes: Number(sizeBytes) };
  const options = { stateDir: join(dir, String(i)), library, seed: i + 1, name: `Phone ${i + 1}`, mux };
  stack.use(await startVirtualIphone(options));
}
stdout.write(`127.0.0.1:${mux.tcpPort}\n`);
for await (const _ of stdin);
