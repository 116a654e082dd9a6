import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { FileDomains, type FileDomain } from '../../../../../src/contract/index.ts';
import { Icon } from '../../../parts/icon.tsx';
import { Section } from '../../../parts/page.tsx';
import { EmptyState, Loaded } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { filesWords } from '../../../words/files.ts';
import { useWords } from '../../../words/words.ts';
import { contentQuery } from '../version-queries.ts';
import { addressIn, useVersion } from '../version.ts';
import styles from './files.module.css';

/** The parts a version consists of: the system's, then the apps'. */
export function Domains() {
  const words = useWords(filesWords);
  const query = useDomains();
  return (
    <Loaded
      query={query}
      lines={10}
      isEmpty={({ domains }) => domains.length === 0}
      empty={<EmptyState icon="folder" title={words.none} />}
    >
      {({ domains }) => (
        <>
          <Group title={words.system} domains={domains.filter((each) => !isOfApps(each))} />
          <Group title={words.apps} domains={domains.filter(isOfApps)} />
        </>
      )}
    </Loaded>
  );
}

/** What apps share with each other names no single one, and is theirs all the same. */
function isOfApps({ app, domain }: FileDomain): boolean {
  return app !== undefined || domain.startsWith('AppDomain');
}

function Group({ title, domains }: { readonly title: string; readonly domains: readonly FileDomain[] }) {
  const words = useWords(filesWords);
  const format = useFormats();
  const { base } = useVersion();
  if (domains.length === 0) return null;
  return (
    <Section title={title}>
      <ul className={styles.domains}>
        {domains.map(({ domain, title: name, files, bytes }) => (
          <li key={domain}>
            <Link href={addressIn(base, 'files', domain)} className={styles.domain}>
              <Icon name="folder" />
              <span className={styles.names}>
                <bdi className={styles.name}>{name}</bdi>
                {name !== domain && <bdi className={styles.soft}>{domain}</bdi>}
              </span>
              <span className={styles.amount}>
                {words.amount(files, format)}, {format.bytes(bytes)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function useDomains() {
  const { id } = useVersion();
  return useQuery(contentQuery(id, ['files'], FileDomains));
}

/** What people call a part; its own name until it is known. */
export function useDomainTitle(domain: string | undefined): string {
  const { id } = useVersion();
  const query = useQuery({ ...contentQuery(id, ['files'], FileDomains), enabled: domain !== undefined });
  return query.data?.domains.find((each) => each.domain === domain)?.title ?? domain ?? '';
}
