/** A process that dies by SIGKILL between writing sealed secrets and putting them in place. Its argument: the folder. */
import { openSecretStore } from './secret-store.ts';

const stateDir = process.argv[2] ?? '';
const afterDraft = (): void => void process.kill(process.pid, 'SIGKILL');
openSecretStore({ stateDir }, {}, { afterDraft }).set('copy/disk', 'never in place');
