import { useState, type ReactNode } from 'react';
import type { FileRef } from '../../../../src/contract/index.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useFormats } from '../../telling/use-formats.ts';
import { versionWords } from '../../words/version.ts';
import { useWords } from '../../words/words.ts';
import { hasNoPicture } from './has-no-picture.ts';
import { fileAddress } from './version-queries.ts';
import { useVersion } from './version.ts';
import styles from './file-view.module.css';

interface FileAddresses {
  readonly original: string;
  readonly view: string;
  readonly thumbnail: string;
}

interface FileViewProps {
  readonly file: FileRef;
  /** Where its bytes are, if not where all files are. */
  readonly addresses?: FileAddresses | undefined;
  /** Stands beside it while it can be played. */
  readonly beside?: ReactNode;
}

/** Something attached: shown inside the page where a browser can, else offered to be taken out, else told why not. */
export function FileView({ file, addresses, beside }: FileViewProps) {
  const { id } = useVersion();
  const [broken, setBroken] = useState(false);
  const at = addresses ?? addressesOf(id, file);
  if (at === undefined || file.state !== 'in-backup') return <Absent file={file} />;
  if (broken) {
    const download = <Download file={file} address={at.original} />;
    return file.shownAs === 'picture' ? download : <Unplayable download={download} />;
  }
  switch (file.shownAs) {
    case 'picture':
      return <Picture file={file} at={at} onBroken={() => setBroken(true)} />;
    case 'film':
      // What was filmed or recorded on a phone has no captions.
      return (
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <video
          className={styles.film}
          src={at.view}
          aria-label={file.name}
          controls
          preload="metadata"
          onLoadedMetadata={(event) => setBroken(hasNoPicture(event))}
          onError={() => setBroken(true)}
        />
      );
    case 'sound':
      return (
        <>
          {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
          <audio
            className={styles.sound}
            src={at.view}
            aria-label={file.name}
            controls
            preload="none"
            onError={() => setBroken(true)}
          />
          {beside}
        </>
      );
    case 'document':
    case 'other':
      break;
  }
  return <Download file={file} address={at.original} />;
}

/** Not every browser knows what phones record in. */
function Unplayable({ download }: { readonly download: ReactNode }) {
  const words = useWords(versionWords);
  return (
    <div className={styles.unplayable} role="status">
      <p className={styles.soft}>{words.file.unplayable}</p>
      {download}
    </div>
  );
}

function addressesOf(id: string, { file }: FileRef): FileAddresses | undefined {
  if (file === undefined) return undefined;
  return {
    original: fileAddress(id, file, 'original'),
    view: fileAddress(id, file, 'view'),
    thumbnail: fileAddress(id, file, 'thumbnail'),
  };
}

interface PictureProps {
  readonly file: FileRef;
  readonly at: FileAddresses;
  readonly onBroken: () => void;
}

function Picture({ file, at, onBroken }: PictureProps) {
  const words = useWords(versionWords);
  const [isOpen, setOpen] = useState(false);
  const name = file.name === '' ? words.file.picture : file.name;
  return (
    <>
      <button type="button" className={styles.picture} onClick={() => setOpen(true)}>
        <img src={at.thumbnail} alt={name} loading="lazy" decoding="async" onError={onBroken} />
      </button>
      <Dialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={name}
        actions={<Download file={file} address={at.original} />}
      >
        <img className={styles.large} src={at.view} alt={name} />
      </Dialog>
    </>
  );
}

function Download({ file, address }: { readonly file: FileRef; readonly address: string }) {
  const format = useFormats();
  const words = useWords(versionWords);
  return (
    <a className={styles.chip} href={address} download={file.name} title={words.file.download(file.name)}>
      <Icon name="download" size={18} />
      <bdi>{file.name}</bdi>
      {file.sizeBytes !== undefined && <span className={styles.soft}>{format.bytes(file.sizeBytes)}</span>}
    </a>
  );
}

function Absent({ file }: { readonly file: FileRef }) {
  const words = useWords(versionWords);
  const why = file.state === 'in-backup' ? 'not-in-backup' : file.state;
  return (
    <span className={styles.chip}>
      <Icon name={why === 'locked' ? 'lock' : 'information'} size={18} />
      <bdi>{file.name}</bdi>
      <span className={styles.soft}>{words.file[why]}</span>
    </span>
  );
}
