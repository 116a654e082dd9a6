/** Under which name a secret of a channel is sealed: its password, token or key, or its address where that is one. */
export function channelSecret(id: string, part?: 'url'): string {
  return part === undefined ? `notify/${id}` : `notify/${id}/${part}`;
}
