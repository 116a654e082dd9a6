/** The message of an error as a sentence of its own. */
export function sentence(message: string): string {
  return `${capital(message)}.`;
}

/** The same with a capital letter, as a sentence begins: except where the name of a program begins it. */
export function capital(text: string): string {
  return text.startsWith('usbmuxd') ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
