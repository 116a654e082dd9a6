/** How a backup folder is laid out and numbered, which depends on the iOS that writes it. */
export interface Layout {
  /** iOS 5 to 9 keep all payloads in one directory, with Manifest.mbdb; later ones in 256, with Manifest.db. */
  readonly isFlat: boolean;
  readonly manifestName: 'Manifest.db' | 'Manifest.mbdb';
  readonly statusVersion: string;
  readonly manifestVersion: string;
  readonly systemDomainsVersion: string;
}

export const CURRENT_LAYOUT: Layout = {
  isFlat: false,
  manifestName: 'Manifest.db',
  statusVersion: '3.3',
  manifestVersion: '10.0',
  systemDomainsVersion: '24.0',
};

const FLAT_LAYOUT: Layout = {
  isFlat: true,
  manifestName: 'Manifest.mbdb',
  statusVersion: '2.4',
  manifestVersion: '9.1',
  systemDomainsVersion: '20.0',
};

/** The layout an iOS version writes: "9.3.6" the flat one, "10.0" and later the current one. */
export function layoutOf(productVersion: string): Layout {
  return Number.parseInt(productVersion, 10) < 10 ? FLAT_LAYOUT : CURRENT_LAYOUT;
}

/** Paths in the host's folder, as the wire names them. */
export class BackupFolder {
  readonly root: string;
  readonly layout: Layout;

  constructor(udid: string, layout: Layout) {
    this.root = udid;
    this.layout = layout;
  }

  get snapshot(): string {
    return `${this.root}/Snapshot`;
  }

  file(name: string): string {
    return `${this.root}/${name}`;
  }

  /** The directory of payloads whose id begins with these two digits, below the root or below Snapshot/. */
  directory(prefix: string, inSnapshot = false): string {
    const above = inSnapshot ? this.snapshot : this.root;
    return this.layout.isFlat ? above : `${above}/${prefix}`;
  }

  payload(id: string): string {
    return this.layout.isFlat ? `${this.root}/${id}` : `${this.root}/${id.slice(0, 2)}/${id}`;
  }

  snapshotPayload(id: string): string {
    return this.layout.isFlat ? `${this.root}/Snapshot/${id}` : `${this.root}/Snapshot/${id.slice(0, 2)}/${id}`;
  }
}

/** The first two digits of all ids: the names of the payload directories. */
export const PREFIXES: readonly string[] = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

/** Whether a name of the folder is that of a payload. */
export function isPayloadId(name: string): boolean {
  return /^[0-9a-f]{40}$/.test(name);
}
