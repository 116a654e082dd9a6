import { because, type CheckupLine, type Reason } from '../../contract/index.ts';
import { readRegistry, unlessUnreadable } from '../../copies/index.ts';
import { disksUnder, type DiskUnder } from '../../shared/files/disks-under.ts';
import { askDisk, type DiskHealth } from '../disks/smart.ts';
import type { TopicContext } from '../host.ts';
import { line } from '../line.ts';

/** A few replaced places are ordinary in an old disk. */
const MANY_REPLACED = 10;
const WORN_PERCENT = 90;

/** What tests put in the place of the computer's own disks. */
export interface DiskSeams {
  readonly under: (path: string) => DiskUnder[];
  readonly ask: (device: string) => Promise<DiskHealth>;
}

/** How the disks of the vault and of copies in folders are, as far as they tell. */
export async function lookAtDisks(
  { host }: TopicContext,
  { under, ask }: DiskSeams = { under: disksUnder, ask: askDisk },
): Promise<CheckupLine[]> {
  const entries = (await unlessUnreadable(readRegistry(host.stateDir))) ?? [];
  const folders = [host.vaultDir, ...entries.flatMap((entry) => (entry.kind === 'folder' ? [entry.dir] : []))];
  const disks = new Map(folders.flatMap((folder) => under(folder)).map((disk) => [disk.device ?? disk.name, disk]));
  if (disks.size === 0) return [line('disks', 'unproven', because('disk-says-nothing', { disk: host.vaultDir }))];
  const lines: CheckupLine[] = [];
  for (const disk of disks.values()) lines.push(await lookAtDisk(disk, ask));
  return lines;
}

async function lookAtDisk({ name, device }: DiskUnder, ask: DiskSeams['ask']): Promise<CheckupLine> {
  const health: DiskHealth = device === undefined ? { kind: 'says-nothing' } : await ask(device);
  if (health.kind === 'told') return toldLine(health, health.model ?? name);
  const disk = device === undefined || name === device ? name : `${name} (${device})`;
  if (health.kind === 'no-program') {
    return line('disks', 'unproven', because('disk-no-program', {}), { subject: name }, [
      because('do-install-smartctl', {}),
    ]);
  }
  if (health.kind === 'no-rights') {
    return line('disks', 'unproven', because('disk-no-rights', { disk }), {}, [because('do-allow-smartctl', {})]);
  }
  return line('disks', 'unproven', because('disk-says-nothing', { disk }));
}

function toldLine(health: Extract<DiskHealth, { kind: 'told' }>, disk: string): CheckupLine {
  const { passed, unreadablePlaces, replacedPlaces, usedPercent, hours, celsius } = health;
  const facts: Reason[] = [
    ...(hours === undefined ? [] : [because('disk-hours', { hours })]),
    ...(celsius === undefined ? [] : [because('disk-celsius', { celsius })]),
    ...(usedPercent === undefined ? [] : [because('disk-used-up', { percent: usedPercent })]),
  ];
  const replace = [...facts, because('do-replace-disk', {})];
  if (passed === false) {
    return line('disks', 'failed', because('disk-failing', { disk }), { essential: true }, replace);
  }
  if (unreadablePlaces > 0 || replacedPlaces >= MANY_REPLACED) {
    const places = unreadablePlaces + replacedPlaces;
    return line('disks', 'failed', because('disk-bad-places', { disk, places }), {}, replace);
  }
  if (usedPercent !== undefined && usedPercent >= WORN_PERCENT) {
    return line('disks', 'failed', because('disk-worn', { disk, percent: usedPercent }), {}, replace);
  }
  if (passed === undefined) return line('disks', 'unproven', because('disk-says-nothing', { disk }), {}, facts);
  return line('disks', 'proven', because('disk-healthy', { disk }), {}, facts);
}
