/** The built interface: a list made when it is opened, so that no path a browser sends ever reaches the file system. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { etagOf, securePage } from '../guards/headers.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Files beside the one they are of, the better one first. */
const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

/** Vite puts the hash of their content into the names of these. */
const IMMUTABLE = /^\/assets\//;
const FOREVER = 'public, max-age=31536000, immutable';

interface WebFile {
  readonly path: string;
  readonly type: string;
  readonly etag: string;
  /** Where it lies compressed. */
  readonly encoded: ReadonlyMap<string, string>;
}

export interface WebFiles {
  /** Undefined where there is nothing at this path. */
  answer(request: Request, path: string): Promise<Response | undefined>;
}

/** @returns undefined where the interface is not built. */
export function openWebFiles(root: string): WebFiles | undefined {
  const indexFile = join(root, 'index.html');
  const builtAt = (): number | undefined => statSync(indexFile, { throwIfNoEntry: false })?.mtimeMs;
  let listed = builtAt();
  if (listed === undefined) return undefined;
  let files = listFiles(root);
  return {
    async answer(request, path) {
      // In a checkout it is built anew now and then.
      const now = builtAt();
      if (now !== undefined && now !== listed) [files, listed] = [listFiles(root), now];
      if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
      const file = files.get(path) ?? (isPage(path) ? files.get('/index.html') : undefined);
      return file && sendFile(request, file, path);
    },
  };
}

/** Where the interface lies: beside this in the package, in `dist/web` of a checkout. */
export function findWebRoot(): string {
  const packaged = join(import.meta.dirname, '..', '..', 'web');
  const built = join(import.meta.dirname, '..', '..', '..', 'dist', 'web');
  return statSync(join(packaged, 'index.html'), { throwIfNoEntry: false }) === undefined ? built : packaged;
}

/** An address of the interface that its own script makes something of; files have a dot in their last name. */
const isPage = (path: string): boolean => !/\.[^/]*$/.test(path) && !IMMUTABLE.test(path);

function listFiles(root: string): ReadonlyMap<string, WebFile> {
  const names = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const all = new Set(names);
  const files = names.filter((name) => !ENCODINGS.some(({ suffix }) => name.endsWith(suffix)));
  return new Map(files.map((name) => [urlPath(root, name), fileAt(name, all)]));
}

const urlPath = (root: string, name: string): string => name.slice(root.length).replaceAll('\\', '/');

function fileAt(path: string, all: ReadonlySet<string>): WebFile {
  const encoded = ENCODINGS.filter(({ suffix }) => all.has(path + suffix));
  return {
    path,
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    etag: etagOf(readFileSync(path)),
    encoded: new Map(encoded.map(({ name, suffix }) => [name, path + suffix])),
  };
}

async function sendFile(request: Request, file: WebFile, path: string): Promise<Response> {
  const headers = new Headers({
    'Content-Type': file.type,
    'Cache-Control': IMMUTABLE.test(path) ? FOREVER : 'no-cache',
    ETag: file.etag,
    Vary: 'Accept-Encoding',
  });
  securePage(headers);
  if (request.headers.get('if-none-match') === file.etag) return new Response(null, { status: 304, headers });
  const [encoding, encodedPath] = chooseEncoding(request, file);
  if (encoding !== undefined) headers.set('Content-Encoding', encoding);
  const bytes = await readFile(encodedPath ?? file.path);
  headers.set('Content-Length', String(bytes.length));
  return new Response(request.method === 'HEAD' ? null : bytes, { headers });
}

function chooseEncoding(request: Request, file: WebFile): [string, string] | [] {
  const accepted = (request.headers.get('accept-encoding') ?? '').split(',').map((value) => value.trim().split(';')[0]);
  for (const [name, path] of file.encoded) if (accepted.includes(name)) return [name, path];
  return [];
}
