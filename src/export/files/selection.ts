import {
  isDomainOfApp,
  type FilePlace,
  type Manifest,
  type ManifestEntry,
  type ManifestProblem,
} from '../../snapshot/index.ts';

/** What is to be taken out of a backup. */
export interface FileSelection {
  /** Files, folders with all in them, whole domains. */
  readonly places: readonly FilePlace[];
  /** Bundle identifiers: everything of these apps. */
  readonly apps: readonly string[];
}

/** What a database has not written into its file yet lies beside it. */
const COMPANIONS = ['-wal', '-shm', '-journal'];

interface Wanted {
  /** Paths with everything below them; '' is the whole domain. */
  readonly paths: Set<string>;
}

/**
 * The entries that are selected, each once, domain by domain. Nothing selected is everything. With a single file come
 * its `-wal` and `-shm`, without which a database misses its newest rows.
 */
export function* selectEntries(
  manifest: Manifest,
  { places, apps }: FileSelection,
  onProblem: (problem: ManifestProblem) => void,
): Generator<ManifestEntry, undefined> {
  if (places.length === 0 && apps.length === 0) {
    yield* manifest.listing({ onProblem });
    return;
  }
  const wanted = new Map<string, Wanted>();
  for (const { domain, relativePath } of places) {
    let domainWanted = wanted.get(domain);
    if (domainWanted === undefined) wanted.set(domain, (domainWanted = { paths: new Set() }));
    domainWanted.paths.add(relativePath);
    if (relativePath !== '') for (const suffix of COMPANIONS) domainWanted.paths.add(relativePath + suffix);
  }
  for (const domain of domainsOf(manifest, apps)) wanted.set(domain, { paths: new Set(['']) });
  for (const [domain, { paths }] of wanted) {
    for (const entry of manifest.listing({ domain, onProblem })) {
      if (isBelow(entry.relativePath, paths)) yield entry;
    }
  }
}

function domainsOf(manifest: Manifest, apps: readonly string[]): Set<string> {
  const domains = new Set<string>();
  if (apps.length === 0) return domains;
  const known = new Set<string>();
  for (const { domain } of manifest.listing({ onProblem: () => undefined })) {
    if (known.has(domain)) continue;
    known.add(domain);
    if (apps.some((app) => isDomainOfApp(domain, app))) domains.add(domain);
  }
  return domains;
}

/** Whether a path or one of the folders above it is wanted. */
function isBelow(relativePath: string, paths: ReadonlySet<string>): boolean {
  if (paths.has('') || paths.has(relativePath)) return true;
  for (let slash = relativePath.lastIndexOf('/'); slash >= 0; slash = relativePath.lastIndexOf('/', slash - 1)) {
    if (paths.has(relativePath.slice(0, slash))) return true;
    if (slash === 0) break;
  }
  return false;
}
