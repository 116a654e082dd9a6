/**
 * Gives the memory of bytes back at once that nobody needs any more. What OpenSSL returns lies outside of what the
 * garbage collector counts: it lets a hundred megabytes of it pile up, and fresh memory for each piece costs more time
 * than decrypting it.
 *
 * @param bytes a piece that has its memory for itself; one that shares it is left alone. It is empty afterwards.
 */
export function letGo(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && bytes.length > 0 && buffer.byteLength === bytes.length) buffer.transfer(0);
}
