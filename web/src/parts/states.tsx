import { Suspense, type ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Language } from '../../../src/contract/index.ts';
import { ApiProblem, UNREACHABLE, UNREADABLE } from '../api/api.ts';
import { partsWords } from '../words/parts.ts';
import { useLanguage } from '../words/language.ts';
import { tellProblem } from '../words/problems.ts';
import { useWords } from '../words/words.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';
import { sentence } from './sentence.ts';
import styles from './states.module.css';

interface StateProps {
  readonly icon?: IconName;
  readonly title: string;
  /** What it means, or why. */
  readonly children?: ReactNode;
  /** The next step. */
  readonly action?: ReactNode;
}

/** Nothing is there (yet): says so, why, and what to do next. */
export function EmptyState({ icon = 'information', title, children, action }: StateProps) {
  return (
    <div className={styles.state}>
      <Icon name={icon} size={28} />
      <p className={styles.title}>{title}</p>
      {children && <div className={styles.text}>{children}</div>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}

/** While something is on its way: lines where it will stand. Whoever listens hears one word. */
export function LoadingState({ lines = 3, label }: { readonly lines?: number; readonly label?: string | undefined }) {
  const words = useWords(partsWords);
  return (
    <div className={styles.loading} role="status">
      <span className="unseen">{label ?? words.loading}</span>
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className={styles.line} />
      ))}
    </div>
  );
}

/** What went wrong in words, what to do, and the code for those who ask for it. */
export function ErrorState({
  error,
  onRetry,
}: {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
}) {
  const words = useWords(partsWords);
  const language = useLanguage();
  if (error instanceof ApiProblem && error.status === 403) return <NoPermissionState />;
  const { title, hint, code } = describe(error, words.failed, language);
  return (
    <div className={styles.state} role="alert">
      <Icon name="information" size={28} />
      <p className={styles.title}>{title}</p>
      {hint && <p className={styles.text}>{hint}</p>}
      <div className={styles.action}>
        {onRetry && (
          <Button icon="refresh" onClick={onRetry}>
            {words.tryAgain}
          </Button>
        )}
      </div>
      {code && (
        <details className={styles.details}>
          <summary>{words.details}</summary>
          {words.failed.code(code)}
        </details>
      )}
    </div>
  );
}

export function NoPermissionState({ children }: { readonly children?: ReactNode }) {
  const { forbidden } = useWords(partsWords);
  return (
    <EmptyState icon="lock" title={forbidden.title}>
      {children ?? forbidden.hint}
    </EmptyState>
  );
}

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  /** How many lines stand in for what is loading. */
  readonly lines?: number;
  /** Shown in place of `children` where `isEmpty` holds; an empty list always does. */
  readonly empty?: ReactNode;
  readonly isEmpty?: (data: T) => boolean;
  readonly children: (data: T) => ReactNode;
}

/**
 * Shows an answer in whichever state it is: loading, failed, not allowed, empty, or there. Code that its part of the
 * page still has to load leaves the rest of the page, its title above all, where it is.
 */
export function Loaded<T>({ query, lines, empty, isEmpty = isEmptyList, children }: LoadedProps<T>) {
  const loading = lines === undefined ? <LoadingState /> : <LoadingState lines={lines} />;
  if (query.data === undefined) {
    if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return loading;
  }
  const shown = empty !== undefined && isEmpty(query.data) ? empty : children(query.data);
  return <Suspense fallback={loading}>{shown}</Suspense>;
}

interface ProblemNoteProps {
  readonly error: unknown;
  /** What a code means just here, where that is more than it means everywhere. */
  readonly here?: Readonly<Record<string, string>>;
}

/** A problem in one line beside what it is about: under a form, in a dialog. */
export function ProblemNote({ error, here = {} }: ProblemNoteProps) {
  const words = useWords(partsWords);
  const language = useLanguage();
  if (!error) return null;
  const { title, hint, code } = describe(error, words.failed, language);
  const special = code !== undefined && Object.hasOwn(here, code) ? here[code] : undefined;
  return (
    <p className={styles.note} role="alert">
      {special ?? (
        <>
          <strong>{title}.</strong> {hint}
        </>
      )}
    </p>
  );
}

type FailedWords = (typeof partsWords)['en']['failed'];

function describe(
  error: unknown,
  words: FailedWords,
  language: Language,
): { title: string; hint?: string | undefined; code?: string } {
  if (!(error instanceof ApiProblem)) return { title: words.broken, hint: words.brokenHint };
  if (error.code === UNREACHABLE) return { title: words.unreachable, hint: words.unreachableHint };
  if (error.code === UNREADABLE) return { title: words.unreadable, hint: words.unreadableHint, code: error.code };
  const { message, hint } = tellProblem(error, language);
  return { title: sentence(message), hint, code: error.code };
}

function isEmptyList(data: unknown): boolean {
  return Array.isArray(data) && data.length === 0;
}
