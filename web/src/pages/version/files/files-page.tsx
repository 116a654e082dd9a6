import { KindPage } from '../kind-page.tsx';
import { useSearchParams } from 'wouter';
import { filesWords } from '../../../words/files.ts';
import { useWords } from '../../../words/words.ts';
import { addressIn, useVersion } from '../version.ts';
import { Domains, useDomainTitle } from './domains.tsx';
import { FindForm } from './find-form.tsx';
import { FolderView } from './folder-view.tsx';
import { Found } from './found.tsx';

/** Everything in a version as files: by app and part of the system, then folder by folder. */
export default function FilesPage() {
  const words = useWords(filesWords);
  const { base, rest } = useVersion();
  const [search] = useSearchParams();
  const [domain, ...folders] = rest;
  const name = search.get('name') ?? '';
  const title = useDomainTitle(domain);
  const files = { to: addressIn(base, 'files'), label: words.title };
  if (name !== '') {
    return (
      <KindPage title={words.found} back={files}>
        <FindForm name={name} />
        <Found name={name} />
      </KindPage>
    );
  }
  if (domain === undefined) {
    return (
      <KindPage title={words.title} lead={words.lead}>
        <FindForm name="" />
        <Domains />
      </KindPage>
    );
  }
  const parent =
    folders.length === 0
      ? files
      : { to: addressIn(base, 'files', domain, ...folders.slice(0, -1)), label: folders.at(-2) ?? title };
  return (
    <KindPage key={rest.join('/')} title={folders.at(-1) ?? title} back={parent}>
      <FolderView domain={domain} folders={folders} title={title} />
    </KindPage>
  );
}
