/** Takes the lock of the vault in its argument, says so to its parent and waits to be killed. */
import { VaultLock } from './lock.ts';

const lock = VaultLock.acquire(process.argv[2] ?? '', 'waiting to be killed');
process.send?.('held');
process.on('disconnect', () => lock[Symbol.dispose]());
