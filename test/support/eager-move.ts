/**
 * Moves a vault to another folder, and says on standard output how far it is; for whoever wants to kill it in the
 * middle: `FROM TO STATE`.
 */
import { moveKnownVault } from '../../src/vault/index.ts';
import { say } from './say.ts';

const [from = '', to = '', stateDir = ''] = process.argv.slice(2);
say('begin');
for await (const event of moveKnownVault({ from, to, stateDir })) {
  say(event.kind === 'progress' ? event.phase : event.kind);
}
say('end');
