import { useDeferredValue, useState, type ReactNode } from 'react';
import type { ZodType } from 'zod';
import type { Asking } from '../../api/api.ts';
import { EmptyState } from '../../parts/states.tsx';
import { Endless, type PartOfList } from './endless.tsx';
import styles from './found-list.module.css';

interface FoundListProps<P extends PartOfList<unknown>> {
  readonly path: readonly string[];
  readonly schema: ZodType<P>;
  /** What is asked for besides the word that is looked for. */
  readonly query?: Asking['query'];
  /** What the box above it looks for. */
  readonly find: string;
  /** What stands in the box at first. */
  readonly asked?: string;
  readonly none: string;
  readonly notFound: string;
  /** Of what holds the box. */
  readonly className?: string | undefined;
  /** Behind the box. */
  readonly beside?: ReactNode;
  readonly children: (items: P['items'], first: P) => ReactNode;
}

/** A list with a box above it, for those of it that hold a word. */
export function FoundList<P extends PartOfList<unknown>>(props: FoundListProps<P>) {
  const { path, schema, query = {}, find, asked = '', none, notFound, className, beside, children } = props;
  const [typed, setTyped] = useState(asked);
  const wanted = useDeferredValue(typed.trim());
  return (
    <>
      <div className={className}>
        <input
          type="search"
          className={styles.find}
          value={typed}
          maxLength={100}
          aria-label={find}
          placeholder={find}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
        {beside}
      </div>
      <Endless
        key={`${JSON.stringify(query)} ${wanted}`}
        path={path}
        schema={schema}
        query={wanted === '' ? query : { ...query, q: wanted }}
        empty={<EmptyState title={wanted === '' ? none : notFound} />}
      >
        {children}
      </Endless>
    </>
  );
}
