/** Makes a message of the service the beginning of a sentence: it starts with a small letter and has no full stop. */
export function sentence(message: string): string {
  return message.charAt(0).toLocaleUpperCase() + message.slice(1).replace(/\.$/, '');
}
