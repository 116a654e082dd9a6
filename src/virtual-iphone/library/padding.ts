import type { PhoneDisk, PhoneFile } from '../disk/index.ts';
import { daysBefore } from './apple-time.ts';
import type { Random } from './random.ts';

const DOMAIN_PREFIX = 'AppDomain-com.example.cache';
const FILES_PER_DOMAIN = 4096;
const FILES_PER_FOLDER = 64;
/** More files than a disk ever gets: seeds of one filling do not meet those of another. */
const SEEDS = 2 ** 21;

/** Median and spread of real backups: a tenth of the files below 0.8 KB, a tenth above 230 KB, one in a hundred above 2.3 MB. */
const MEDIAN_BYTES = 13 * 1024;
const SIGMA = 2.24;
const LARGEST_BYTES = 64 * 1024 * 1024;

export interface PaddingOptions {
  readonly count: number;
  readonly now: Date;
  readonly random: Random;
  /** Bytes of each file; without it, sizes as real backups have them. */
  readonly sizeBytes?: number;
}

/** Fills the disk with files of apps whose content is described, not stored: half a million take a few seconds. */
export function addPadding(disk: PhoneDisk, { count, now, random, sizeBytes }: PaddingOptions): void {
  const firstSeed = random.word() * SEEDS;
  for (let i = 0; i < count; i++) {
    const size = sizeBytes ?? realisticSize(random);
    const modifiedAt = new Date(daysBefore(now, 700).getTime() + random.word() * 14);
    disk.writeSynthetic(domainOf(i), pathOf(i), { seed: firstSeed + i, sizeBytes: size }, { modifiedAt });
  }
}

export interface PaddingChange {
  readonly count: number;
  readonly now: Date;
  readonly random: Random;
}

/** Changes `count` of the padding files: most get new content, some go, as many come. */
export function changePadding(disk: PhoneDisk, { count, now, random }: PaddingChange): void {
  const firstSeed = random.word() * SEEDS;
  const chosen = choose(disk, count, random);
  chosen.forEach((file, i) => {
    const content = { seed: firstSeed + i, sizeBytes: file.sizeBytes };
    const kind = random.fraction();
    if (kind < 0.1) {
      disk.remove(file.domain, file.relativePath);
    } else if (kind < 0.2) {
      const folder = file.relativePath.slice(0, file.relativePath.lastIndexOf('/'));
      disk.writeSynthetic(file.domain, `${folder}/new-${content.seed}.bin`, content, { modifiedAt: now });
    } else {
      disk.writeSynthetic(file.domain, file.relativePath, content, { modifiedAt: now });
    }
  });
}

/** Exactly `count` of the padding files (or all there are), each equally likely, in one walk after counting. */
function choose(disk: PhoneDisk, count: number, random: Random): PhoneFile[] {
  let left = 0;
  for (const _file of paddingFiles(disk)) left++;
  const chosen: PhoneFile[] = [];
  for (const file of paddingFiles(disk)) {
    if (random.fraction() * left-- < count - chosen.length) chosen.push(file);
  }
  return chosen;
}

function* paddingFiles(disk: PhoneDisk): Generator<PhoneFile> {
  for (const domain of disk.domains().filter((name) => name.startsWith(DOMAIN_PREFIX))) {
    for (const file of disk.below(domain)) if (file.kind === 'file') yield file;
  }
}

function realisticSize(random: Random): number {
  return Math.min(LARGEST_BYTES, Math.round(MEDIAN_BYTES * Math.exp(SIGMA * random.normal())));
}

/** Names grow with `i`, so that the disk is filled in the order in which it is sorted. */
function domainOf(i: number): string {
  return `${DOMAIN_PREFIX}${String(Math.floor(i / FILES_PER_DOMAIN)).padStart(4, '0')}`;
}

function pathOf(i: number): string {
  const within = i % FILES_PER_DOMAIN;
  const folder = Math.floor(within / FILES_PER_FOLDER)
    .toString(16)
    .padStart(2, '0');
  return `Library/Application Support/${folder}/${String(within).padStart(4, '0')}.bin`;
}
