import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { z } from 'zod';
import { openApiOf } from './openapi.ts';
import { paramNames } from './route.ts';
import { ROUTES } from './routes/index.ts';
import { startTestServer, type TestServer } from './server.test-helper.ts';

/** What OpenAPI 3.1 demands of what we use of it. */
const SchemaObject = z.record(z.string(), z.unknown());
const Media = z.record(z.string().regex(/^[a-z]+\/[\w.+*-]+$/), z.object({ schema: SchemaObject.optional() }));
const Operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][a-zA-Z]+$/),
  summary: z.string().min(5).regex(/\.$/),
  tags: z.array(z.string().min(1)).length(1),
  parameters: z.array(
    z.strictObject({ name: z.string(), in: z.enum(['path', 'query']), required: z.boolean(), schema: SchemaObject }),
  ),
  requestBody: z.strictObject({ required: z.literal(true), content: Media }).optional(),
  responses: z.record(
    z.string().regex(/^(2\d\d|default)$/),
    z.object({ description: z.string(), content: Media.optional() }),
  ),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  'x-holdfast-access': z.string(),
});
const Document = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string() }),
  paths: z.record(
    z.string().regex(/^\/api\/v1\/[^:]*$/),
    z.partialRecord(z.enum(['get', 'post', 'put', 'patch', 'delete']), Operation),
  ),
  components: z.object({
    schemas: z.record(z.string().regex(/^[A-Z]\w*$/), SchemaObject),
    securitySchemes: SchemaObject,
  }),
});

let server: TestServer;
beforeEach(() => void (server = startTestServer()));
afterEach(() => server[Symbol.asyncDispose]());

test('the document is served to whoever is signed in, and is valid', async () => {
  assert.equal((await server.ask('openapi.json')).status, 401);
  const anna = await server.signedIn('Anna', ['owner']);
  const document = Document.parse(await (await anna.ask('openapi.json')).json());
  assert.equal(document.info.version, '1.2.3');
});

const document = Document.parse(openApiOf(ROUTES, '1.2.3'));
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

test('every route is in it, under a name of its own', () => {
  assert.equal(operations.length, ROUTES.length);
  assert.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, ROUTES.length);
});

test('every parameter of a path is described', () => {
  for (const { path, operation } of operations) {
    const named = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    assert.deepEqual(named, paramNames(path.replaceAll(/{(\w+)}/g, ':$1')), path);
  }
});

test('every reference leads to something', () => {
  const targets = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target = '']) => target);
  assert.ok(targets.length > 20);
  for (const target of targets) {
    const name = /^#\/components\/schemas\/(\w+)$/.exec(target)?.[1] ?? target;
    assert.ok(Object.hasOwn(document.components.schemas, name), target);
  }
});

test('what is taken is as a client sends it, what is answered as it comes', () => {
  const { NewAccountToSend, Account } = document.components.schemas;
  assert.deepEqual(NewAccountToSend?.['required'], ['name', 'password', 'roles']);
  assert.ok(z.array(z.string()).parse(Account?.['required']).includes('devices'));
});

test('every route but those for strangers says how to sign in', () => {
  for (const { path, operation } of operations) {
    assert.equal(operation.security.length > 0, operation['x-holdfast-access'] !== 'anyone', path);
  }
});

test('docs/api.md asks for addresses that there are', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'api.md'), 'utf8');
  const named = [...page.matchAll(/\$API(\/[\w/$-]+)/g)].map(([, path = '']) => path);
  const known = ROUTES.map(({ path }) => new RegExp(`^${path.replaceAll(/:[a-zA-Z]+/g, '[^/]+')}$`));
  assert.ok(named.length > 5);
  assert.deepEqual(
    named.filter((path) => !known.some((pattern) => pattern.test(path))),
    [],
  );
});
