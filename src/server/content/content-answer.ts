import type { Content, Unlocked } from '../../service/index.ts';
import { rangeOf } from './ranges.ts';

/**
 * Bytes out of a backup as an answer: whole or the part that was asked for, under a type of the list of what browsers
 * may show, else only to be kept. They are in nobody's cache, and end when the version is locked.
 */
export function contentAnswer(content: Content, unlocked: Unlocked, request: Request): Response {
  const { sizeBytes, type } = content;
  const headers = new Headers({
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-store',
    'Content-Disposition': dispositionOf(content),
    'Content-Type': type,
  });
  const range = rangeOf(request.headers.get('range'), sizeBytes);
  if (range === 'unsatisfiable') {
    headers.set('Content-Range', `bytes */${sizeBytes}`);
    return new Response(null, { status: 416, headers });
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes };
  headers.set('Content-Length', String(end - start));
  if (range !== undefined) headers.set('Content-Range', `bytes ${start}-${end - 1}/${sizeBytes}`);
  const status = range === undefined ? 200 : 206;
  if (request.method === 'HEAD' || end === start) return new Response(null, { status, headers });
  return new Response(streamOf(content.read(start, end), unlocked, request.signal), { status, headers });
}

/** The name people see, told in a way that no browser takes for anything else (RFC 6266). */
export function dispositionOf({ isInline, name }: Pick<Content, 'isInline' | 'name'>): string {
  // Marks of direction make one ending look like another.
  const clean =
    name
      .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}/\\]/gu, '')
      .trim()
      .slice(0, 200) || 'file';
  const plain = clean.replaceAll(/[^\w .()-]/g, '_');
  const encoded = encodeURIComponent(clean).replaceAll(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${isInline ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** The version is held open only while a piece is read: a browser that stops reading does not keep it from locking. */
export function streamOf(
  chunks: AsyncIterable<Uint8Array>,
  unlocked: Unlocked,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const over = AbortSignal.any([unlocked.signal, signal]);
  const stop = (): void => void Promise.resolve(iterator.return?.()).catch(() => undefined);
  return new ReadableStream<Uint8Array>({
    start(controller) {
      over.addEventListener(
        'abort',
        () => {
          stop();
          controller.error(over.reason);
        },
        { once: true },
      );
    },
    async pull(controller) {
      over.throwIfAborted();
      using _lease = unlocked.lease();
      const next = await iterator.next();
      if (over.aborted) return;
      if (next.done === true) controller.close();
      // What was handed out is filled again with the next piece.
      else controller.enqueue(new Uint8Array(next.value));
    },
    cancel: stop,
  });
}
