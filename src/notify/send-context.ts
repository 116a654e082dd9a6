/** What sending needs of the world around it. */
export interface SendContext {
  /** The secret of the channel, or the part of it of that name; asked for at the last moment. */
  readonly secret: (part?: 'url') => string | undefined;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  /** For tests: how long a server is waited for. */
  readonly timeoutMs?: number | undefined;
}
