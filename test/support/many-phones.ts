/** Several virtual iPhones behind one usbmuxd, paired with one computer. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLocations, pairDevice } from '../../src/device/index.ts';
import { deviceSetup, type DeviceSetup } from '../../src/service/index.ts';
import { placesFor, type Places } from '../../src/shared/files/places.ts';
import {
  startVirtualIphone,
  VirtualMux,
  type VirtualIphone,
  type VirtualIphoneOptions,
} from '../../src/virtual-iphone/index.ts';

const NAMES = ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gil', 'Hal'] as const;

export class ManyPhones implements AsyncDisposable {
  readonly phones: readonly VirtualIphone[];
  readonly mux: VirtualMux;
  /** What makes the command line work with these phones and nothing else of this computer. */
  readonly env: Readonly<Record<string, string>>;
  readonly places: Places;
  readonly setup: DeviceSetup;
  readonly #stack: AsyncDisposableStack;

  private constructor(
    phones: readonly VirtualIphone[],
    mux: VirtualMux,
    directory: string,
    stack: AsyncDisposableStack,
  ) {
    this.phones = phones;
    this.mux = mux;
    this.env = {
      HOME: directory,
      HOLDFAST_HOME: join(directory, 'home'),
      USBMUXD_SOCKET_ADDRESS: `UNIX:${directory}/socket`,
    };
    this.places = placesFor(this.env);
    this.setup = deviceSetup(this.env, this.places);
    this.#stack = stack;
  }

  /** @param count up to eight. */
  static async start(count: number, options: Partial<VirtualIphoneOptions> = {}): Promise<ManyPhones> {
    await using stack = new AsyncDisposableStack();
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
    stack.defer(() => rm(directory, { recursive: true, force: true }));
    const mux = stack.use(await VirtualMux.start({ stateDir: directory, socketPath: join(directory, 'socket') }));
    const phones: VirtualIphone[] = [];
    for (const [i, name] of NAMES.slice(0, count).entries()) {
      const one = { library: 'empty', ...options, stateDir: join(directory, name), seed: i + 1, name, mux } as const;
      phones.push(stack.use(await startVirtualIphone(one)));
    }
    const many = new ManyPhones(phones, mux, directory, stack.move());
    await many.#pairAll();
    return many;
  }

  async #pairAll(): Promise<void> {
    const { muxAddress, pairRecords: store } = this.setup;
    const locations = await findLocations({ muxAddress, store });
    assert.equal(locations.length, this.phones.length);
    for (const location of locations) await pairDevice({ location, store });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}
