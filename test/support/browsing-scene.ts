/** A lifelike phone's versions behind the API, with people who may and who may not look into them. */
import type { SnapshotSummary } from '../../src/contract/index.ts';
import { FakeService } from '../../src/server/fake-service.test-helper.ts';
import { startTestServer, type Browser, type TestServer } from '../../src/server/server.test-helper.ts';
import type { VirtualIphone } from '../../src/virtual-iphone/index.ts';
import { PhoneAndVault } from '../integration/phone-and-vault.ts';

export const BACKUP_PASSWORD = 'the backup password';

export interface BrowsingScene extends AsyncDisposable {
  readonly both: PhoneAndVault;
  readonly server: TestServer;
  readonly udid: string;
  /** The newest version. */
  readonly snapshot: string;
  /** Whose phone it is. */
  readonly owner: Browser;
  /** Runs the machine and owns no device. */
  readonly administrator: Browser;
  /** Asks for JSON as the owner. Fails where the answer is no success. */
  get(path: string): Promise<unknown>;
  /** Backs the phone up once more. @returns the id of the version */
  backUp(): Promise<string>;
}

/** The service of the tests, with the versions that are really there. */
class VaultService extends FakeService {
  readonly #both: PhoneAndVault;

  constructor(both: PhoneAndVault) {
    super(both.directory);
    this.#both = both;
  }

  override async snapshots(): Promise<SnapshotSummary[]> {
    await using vault = await this.#both.openVault('none');
    return vault.snapshots().map((record) => ({
      id: record.id,
      udid: record.udid,
      deviceName: record.device.name,
      productVersion: record.device.productVersion,
      takenAt: record.takenAt.toISOString(),
      kind: record.kind,
      encrypted: record.encrypted,
      files: record.list.files,
      bytes: record.list.bytes,
      newBytes: record.newBytes,
      pinned: false,
      warnings: record.warnings,
    }));
  }
}

export async function startBrowsingScene(
  options: { encrypted?: boolean; change?: (phone: VirtualIphone) => void } = {},
): Promise<BrowsingScene> {
  const { encrypted = true } = options;
  const both = await PhoneAndVault.start({
    files: 0,
    library: 'small',
    ...(encrypted && { backupPassword: BACKUP_PASSWORD }),
  });
  options.change?.(both.phone);
  const { snapshot } = await both.backUp();
  const server = startTestServer({ service: new VaultService(both) });
  const { udid } = both.phone;
  const owner = await server.signedIn('Anna', ['owner'], [udid]);
  const administrator = await server.signedIn('Root', ['administrator']);
  return {
    both,
    server,
    udid,
    snapshot,
    owner,
    administrator,
    async get(path) {
      const answer = await owner.ask(path);
      const body: unknown = await answer.json();
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(body)}`);
      return body;
    },
    backUp: async () => (await both.backUp()).snapshot,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await both[Symbol.asyncDispose]();
    },
  };
}
