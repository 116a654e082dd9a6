import { join } from 'node:path';
import type { DeviceFacts } from '../../device/index.ts';
import { allOf, type Checked, is, isFlag, isText, isTime, maybe, schemaOf, shaped } from '../../shared/json-shape.ts';
import type { Logger } from '../../shared/logger.ts';
import { StateJson } from '../../shared/files/state-json.ts';
import type { KnownMedium } from './facts.ts';

const isFile = shaped({
  /** What devices said when they were last there, by UDID. */
  devices: allOf(shaped({ seenAt: isTime, cloud: maybe(shaped({ isEnabled: maybe(isFlag), lastAt: maybe(isTime) })) })),
  /** What copies lay on when they were last connected, by name. */
  media: allOf(
    shaped({
      kind: is('device', 'disk', 'removable', 'network', 'cloud', 'unknown'),
      name: maybe(isText),
      identity: maybe(isText),
    }),
  ),
});
type File = Checked<typeof isFile>;

export interface RememberedDevice {
  readonly seenAt: Date;
  readonly cloud?: { readonly isEnabled?: boolean | undefined; readonly lastAt?: Date | undefined } | undefined;
}

/** What can only be told while something is there, for when it is not. */
export class Remembered {
  readonly #file: StateJson<File>;

  constructor(stateDir: string, logger: Logger) {
    this.#file = new StateJson(join(stateDir, 'last-seen.json'), schemaOf(isFile), { devices: {}, media: {} }, logger);
  }

  device(udid: string): RememberedDevice | undefined {
    const { devices } = this.#file.value;
    const known = Object.hasOwn(devices, udid) ? devices[udid] : undefined;
    if (known === undefined) return undefined;
    const { seenAt, cloud } = known;
    const lastAt = cloud?.lastAt;
    return {
      seenAt: new Date(seenAt),
      ...(cloud && {
        cloud: { isEnabled: cloud.isEnabled, lastAt: lastAt === undefined ? undefined : new Date(lastAt) },
      }),
    };
  }

  /** A device that tells nothing of Apple's backup this time has said what it said before. */
  noteDevice({ udid, cloudBackup }: DeviceFacts, at: Date): void {
    const { devices } = this.#file.value;
    const before = Object.hasOwn(devices, udid) ? devices[udid]?.cloud : undefined;
    const told = cloudBackup && {
      ...(cloudBackup.isEnabled !== undefined && { isEnabled: cloudBackup.isEnabled }),
      ...(cloudBackup.lastAt !== undefined && { lastAt: cloudBackup.lastAt.toISOString() }),
    };
    const cloud = told ?? before;
    this.#set({ devices: { ...devices, [udid]: { seenAt: at.toISOString(), ...(cloud && { cloud }) } } });
  }

  medium(copy: string): KnownMedium | undefined {
    const { media } = this.#file.value;
    return Object.hasOwn(media, copy) ? media[copy] : undefined;
  }

  noteMedium(copy: string, medium: KnownMedium): void {
    this.#set({ media: { ...this.#file.value.media, [copy]: { ...medium } } });
  }

  #set(news: Partial<File>): void {
    this.#file.set({ ...this.#file.value, ...news });
  }
}
