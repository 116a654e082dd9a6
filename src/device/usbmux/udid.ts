/**
 * One spelling per device. A UDID is 40 hex digits (devices before 2018, in lower case) or 24 of them in upper case
 * with a dash after the eighth; usbmuxd is known to leave that dash out. Anything else stays as it is.
 */
export function normalizeUdid(text: string): string {
  const trimmed = text.trim();
  if (/^[0-9a-f]{40}$/i.test(trimmed)) return trimmed.toLowerCase();
  const match = /^([0-9a-f]{8})-?([0-9a-f]{16})$/i.exec(trimmed);
  return match === null ? trimmed : `${match[1]}-${match[2]}`.toUpperCase();
}

/** Whether `text` can be a UDID and nothing that would lead elsewhere when used as a file name. */
export function isUdid(text: string): boolean {
  return /^[0-9a-f]{40}$|^[0-9a-f]{8}-[0-9a-f]{16}$/i.test(text);
}
