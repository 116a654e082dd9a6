import { decodeObjectGraph, membersOf, objectOf, scalarOf } from '../body/object-graph.ts';

/**
 * The identifiers of the pictures in a gallery or a scan, in order: first those that its ordered set names, then any
 * other text that may be one. Whether there are such attachments is for the caller to find out.
 *
 * @throws {FormatError} when it is no such object.
 */
export function decodeGallery(bytes: Uint8Array): string[] {
  const graph = decodeObjectGraph(bytes);
  const found = new Set<string>();
  for (const entry of graph.entries) {
    for (const { names } of membersOf(graph, entry)) for (const name of names) found.add(name);
  }
  for (const entry of graph.entries) {
    for (const value of objectOf(graph, entry)?.fields.values() ?? []) {
      const scalar = scalarOf(graph, value);
      if (typeof scalar === 'string') found.add(scalar);
    }
  }
  return [...found];
}
