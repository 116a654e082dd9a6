/**
 * Moves a vault to another folder, and says on standard output how far it is; for whoever wants to kill it in the
 * middle: `FROM TO STATE`.
 */
import { writeSync } from 'node:fs';
import { moveKnownVault } from '../../src/vault/index.ts';

const [from = '', to = '', stateDir = ''] = process.argv.slice(2);
say('begin');
for await (const event of moveKnownVault({ from, to, stateDir })) {
  say(event.kind === 'progress' ? event.phase : event.kind);
}
say('end');

function say(text: string): void {
  writeSync(1, `${text}\n`);
}
