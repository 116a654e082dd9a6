/** The OpenAPI 3.1 document, made of what the routes declare. */
import { z } from 'zod';
import * as contract from '../contract/index.ts';
import { scopeFor } from './access.ts';
import type { Answer, Route } from './route.ts';

type Json = Record<string, unknown>;
type Named = readonly [name: string, schema: z.ZodType];

/** Schemas of JSON, by where they are found in the document. */
interface Schemas {
  readonly components: Json;
  refTo(schema: z.ZodType, way: 'input' | 'output'): Json;
}

export function openApiOf(routes: readonly Route[], version: string): Json {
  const schemas = collectSchemas(routes);
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = `/api/v1${route.path.replaceAll(/:([a-zA-Z]+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Holdfast',
      version,
      description: 'Backups of iPhones and iPads: how they stand, what is in them, what is to be done.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: schemas.components,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token, made under Accounts.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-holdfast',
          description: 'Of a browser; set by signing in.',
        },
      },
    },
  };
}

function operationOf(route: Route, schemas: Schemas): Json {
  const { access } = route;
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.path.split('/')[1]],
    parameters: [...parametersOf(route.params, 'path', schemas), ...parametersOf(route.query, 'query', schemas)],
    ...(route.body === undefined ? {} : { requestBody: bodyOf(route.body, schemas) }),
    responses: {
      [route.status]: answerOf(route.answer, schemas),
      default: {
        description: 'What went wrong.',
        content: { 'application/json': { schema: schemas.refTo(contract.Problem, 'output') } },
      },
    },
    security: access.who === 'anyone' ? [] : securityOf(route),
    'x-holdfast-access': access.who === 'device' ? `${access.sees} of the device` : access.who,
  };
}

function securityOf(route: Route): Json[] {
  const scope = route.scope ?? scopeFor(route.method, route.access);
  return [...(scope === 'session' ? [] : [{ token: [scope] }]), { session: [] }];
}

/** "getDevicesUdidSnapshots" */
function operationId({ method, path }: Route): string {
  const words = path.split(/[^a-zA-Z]+/).filter((word) => word !== '');
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query', schemas: Schemas): Json[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries<z.ZodType>(schema.shape).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || !field.safeParse(undefined).success,
    schema: schemas.refTo(field, 'input'),
  }));
}

function bodyOf(schema: z.ZodType, schemas: Schemas): Json {
  return { required: true, content: { 'application/json': { schema: schemas.refTo(schema, 'input') } } };
}

function answerOf(answer: Answer, schemas: Schemas): Json {
  if (answer === 'nothing') return { description: 'Done.' };
  if ('raw' in answer) return { description: 'The bytes.', content: { [answer.raw]: {} } };
  return { description: 'Done.', content: { 'application/json': { schema: schemas.refTo(answer, 'output') } } };
}

/** Those of the contract stand once under their names, those that only one route has stand with it. */
function collectSchemas(routes: readonly Route[]): Schemas {
  const named = Object.entries<unknown>(contract).flatMap(([name, value]): Named[] =>
    value instanceof z.ZodType ? [[name, value]] : [],
  );
  const answered = componentsFor(named, 'output');
  const taken = componentsFor(takenOf(named, routes), 'input');
  return {
    components: { ...answered.components, ...taken.components },
    refTo: (schema, way) => (way === 'output' ? answered : taken).refTo(schema),
  };
}

/** Of the contract, those that somebody sends: with what may be left out because it has a value by itself. */
function takenOf(named: Named[], routes: readonly Route[]): Named[] {
  const bodies = new Set(routes.flatMap(({ body }) => body ?? []));
  return named.filter(([, schema]) => bodies.has(schema));
}

function componentsFor(named: Named[], io: 'input' | 'output'): { components: Json; refTo(schema: z.ZodType): Json } {
  const nameOf = (name: string): string => (io === 'output' ? name : `${name}ToSend`);
  const registry = z.registry<{ id: string }>();
  for (const [name, schema] of named) registry.add(schema, { id: nameOf(name) });
  const { schemas: components } = z.toJSONSchema(registry, { io, uri, unrepresentable: 'any' });
  return {
    components: Object.fromEntries(Object.entries(components).map(([id, schema]) => [id, plain(schema)])),
    refTo(schema) {
      const id = registry.get(schema)?.id;
      if (id !== undefined) return { $ref: uri(id) };
      if (schema instanceof z.ZodArray) return { type: 'array', items: this.refTo(schema.element as z.ZodType) };
      return plain(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
    },
  };
}

/** Without what says of itself where it lies: in this document it lies elsewhere. */
function plain(schema: object): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));
}

const uri = (id: string): string => `#/components/schemas/${id}`;
