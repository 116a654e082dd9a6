import { AppError } from '../shared/errors.ts';

/**
 * The JSON that a request carries.
 *
 * @throws {AppError} USAGE for anything else; TOO_LARGE, before it is read whole.
 */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  // Forms cannot say this type, so that no page of others can send it without being asked about first.
  if (type !== 'application/json') throw notJson('its Content-Type is not application/json');
  const text = await readText(request, maxBytes);
  try {
    return JSON.parse(text);
  } catch {
    throw notJson('it cannot be parsed');
  }
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const decoder = new TextDecoder();
  let text = '';
  let sizeBytes = 0;
  for await (const chunk of request.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function notJson(why: string): AppError {
  return new AppError('USAGE', `what was sent is no JSON: ${why}`, {
    hint: '/api/v1/openapi.json says what is taken.',
  });
}

function tooLarge(maxBytes: number): AppError {
  return new AppError('TOO_LARGE', `what was sent is larger than ${maxBytes} bytes`);
}
