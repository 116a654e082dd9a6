/**
 * Puts objects into the vault in its first argument until it is killed. Before each put it says on standard output
 * that the object is coming, and after each flush up to where objects are durable; both in writes that have reached
 * the kernel when the next step begins, so that the parent knows no less than the truth.
 */
import { writeSync } from 'node:fs';
import { killedObject } from './killed-objects.test-helper.ts';
import { openStore } from './store.test-helper.ts';

const [vault = '', firstObject = '0', seed = '0'] = process.argv.slice(2);
const { store } = await openStore(vault, { packs: true });
say('ready');
for (let n = Number(firstObject); ; n++) {
  say(`put ${n}`);
  const bytes = killedObject(n);
  const writer = store.createLarge();
  for (let at = 0; at < bytes.length; at += 65_536) await writer.write(bytes.subarray(at, at + 65_536));
  await writer.finish();
  if ((n * 7 + Number(seed)) % 23 === 0) {
    await store.flush({ publish: n % 2 === 0 });
    say(`durable ${n}`);
  }
}

function say(what: string): void {
  writeSync(1, `${what}\n`);
}
