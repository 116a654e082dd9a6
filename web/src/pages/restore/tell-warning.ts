import type { Formats, RestoreWarning } from '../../../../src/contract/index.ts';
import type { restorePartsWords } from '../../words/restore-parts.ts';

interface Telling {
  /** What people call an app. */
  readonly nameOf: (app: string) => string;
  readonly format: Pick<Formats, 'list'>;
}

/** What a person should know before parts come back, in the words of the page. */
export function tellWarning(
  warning: RestoreWarning,
  { warnings, inCloud }: Pick<(typeof restorePartsWords)['en'], 'warnings' | 'inCloud'>,
  { nameOf, format }: Telling,
): string {
  switch (warning.code) {
    case 'ios-converts':
      return warnings[warning.code](warning.from, warning.to);
    case 'other-device':
      return warnings[warning.code];
    case 'in-icloud':
      return warnings[warning.code](format.list(warning.names.map((name) => inCloud[name] ?? name)));
    case 'app-missing':
    case 'app-older':
    case 'app-passwords':
      return warnings[warning.code](nameOf(warning.app));
    default:
      return warning satisfies never;
  }
}
