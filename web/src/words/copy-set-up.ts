import { inBoth } from './in-both.ts';

/** Adding, changing and removing copies. */
export const copySetUpWords = inBoth({
  en: {
    title: 'Add a copy',
    add: 'Add the copy',
    place: 'Where it is to be',
    places: {
      folder: 'A second disk, or another folder',
      sftp: 'A computer reached by SFTP, such as a NAS',
      s3: 'S3, or what speaks like it',
      b2: 'Backblaze B2',
      rest: 'A rest-server',
      rclone: 'Whatever rclone reaches',
      'restic-folder': 'A folder, encrypted by restic',
    },
    placeHelp: {
      folder: 'All versions once more, as they lie here. Quick to bring up to date and to get back.',
      sftp: 'Encrypted by restic before it leaves this computer. The user Holdfast runs as has to get in by a key, without a password.',
      s3: 'Encrypted by restic before it leaves this computer.',
      b2: 'Encrypted by restic before it leaves this computer.',
      rest: 'Encrypted by restic before it leaves this computer. A server that only takes in (--append-only) works, too: then nothing there can be deleted from here.',
      rclone:
        'Encrypted by restic before it leaves this computer. Set up the remote with “rclone config” first, as the user Holdfast runs as.',
      'restic-folder': 'Encrypted and packed by restic, which alone gives everything back.',
    },
    folder: 'Folder',
    address: 'Address',
    examples: {
      folder: 'From the root on, empty or new: /media/usb/holdfast',
      sftp: 'Such as sftp:ada@nas.example.net:/backups',
      s3: 'Such as s3:s3.eu-central-1.amazonaws.com/bucket/phones',
      b2: 'Such as b2:bucket:phones',
      rest: 'Such as rest:https://backup.example.org:8000/phones/',
      rclone: 'Such as rclone:drive:phones',
      'restic-folder': 'From the root on: /media/usb/restic',
    },
    name: 'Name',
    nameHelp: 'Letters, digits, dots and hyphens, such as “usb-disk”.',
    secrets: 'Secrets',
    credentials: {
      AWS_ACCESS_KEY_ID: 'Access key',
      AWS_SECRET_ACCESS_KEY: 'Secret key',
      AWS_SESSION_TOKEN: 'Session token',
      AWS_DEFAULT_REGION: 'Region',
      B2_ACCOUNT_ID: 'Key ID',
      B2_ACCOUNT_KEY: 'Application key',
      AZURE_ACCOUNT_NAME: 'Account',
      AZURE_ACCOUNT_KEY: 'Account key',
      RESTIC_REST_USERNAME: 'User name',
      RESTIC_REST_PASSWORD: 'Password of the server',
    },
    isThere: 'A repository of restic is there already',
    isThereHelp: 'Otherwise one is made, with a password that is shown once.',
    password: 'Its password',
    offSite: 'It is in another building',
    offSiteHelp: 'A fire or a burglar at home would spare it.',
    how: 'How it is kept',
    every: 'How often',
    hours: (hours: number) =>
      hours % 168 === 0
        ? hours === 168
          ? 'every week'
          : `every ${hours / 168} weeks`
        : hours % 24 === 0
          ? hours === 24
            ? 'every day'
            : `every ${hours / 24} days`
          : `every ${hours} hours`,
    limit: 'Speed at most',
    limitHelp: 'Leaves the others some of the line. Empty: as fast as it goes.',
    kilobytes: 'kB/s',
    keep: 'What stays there',
    keeps: { all: 'every version', fewer: 'fewer, by a rule of its own' },
    periods: {
      last: 'The newest',
      daily: 'The last one of each of so many days',
      weekly: 'The last one of each of so many weeks',
      monthly: 'The last one of each of so many months',
    },
    here: {
      WRONG_PASSWORD:
        'A repository is there already, and this is not its password. Say that it is there and give its password, or choose another place.',
      PROGRAM_MISSING: 'restic is not installed on this computer, or too old. Install it: “apt install restic”.',
    },
    added: 'The copy is set up',
    addedPassword: 'Its password, shown only now',
    made: (name: string, place: string) => `The copy “${name}” is set up in ${place}. Nothing is in it yet.`,
    found: (name: string, place: string) =>
      `The copy “${name}” was found in ${place}. What lies there already is kept and brought up to date.`,
    writeDown:
      'Write it on the recovery sheet and keep that where a fire at home would spare it: without it nobody can read the copy, should this computer be gone.',
    fill: 'Fill it now',
    writtenFill: 'It is written down: fill it now',
    later: 'Later',
    change: (name: string) => `How “${name}” is kept`,
    changeItem: 'Change…',
    secretsItem: 'Password and credentials…',
    removeItem: 'Remove…',
    more: (name: string) => `More about ${name}`,
    newSecrets: {
      title: (name: string) => `What opens “${name}”`,
      lead: 'What you give here is tried at once. Only when the repository has opened with it does it take the place of what was kept before. What is left empty stays. The repository itself is not changed.',
      password: 'Password of the repository',
      credentials: 'Credentials of the place',
      nothing: 'Give a password, credentials, or both.',
      save: 'Try and keep',
      saved: (name: string) => `The copy “${name}” has opened with it. It is kept from now on.`,
      here: {
        WRONG_PASSWORD: 'The repository does not open with this password. The old one stays.',
        COPY_FAILED: 'The place of the copy refuses this. What was kept before stays.',
        COPY_UNREACHABLE:
          'The place of the copy does not answer now, so that nothing could be tried. What was kept before stays.',
        COPY_UNEXPECTED: 'This opens another repository than that of the copy. What was kept before stays.',
        PROGRAM_MISSING: 'restic is not installed on this computer, or too old. Install it: “apt install restic”.',
      },
    },
    removeTitle: (name: string) => `Forget the copy “${name}”?`,
    removeText: {
      folder: (place: string) =>
        `It is no longer brought up to date. What lies in ${place} stays there, untouched; it can be added again or deleted by hand.`,
      restic: (place: string) =>
        `It is no longer brought up to date, and its password is forgotten here. What lies in ${place} stays there, untouched; adding it again takes the password from your recovery sheet.`,
    },
    removeIt: 'Forget it',
    removed: (name: string) => `The copy “${name}” is forgotten. What lies in its place is still there.`,
  },
  de: {
    title: 'Eine Kopie hinzufügen',
    add: 'Kopie hinzufügen',
    place: 'Wo sie liegen soll',
    places: {
      folder: 'Eine zweite Platte oder ein anderer Ordner',
      sftp: 'Ein Computer über SFTP, etwa ein NAS',
      s3: 'S3 oder was so spricht',
      b2: 'Backblaze B2',
      rest: 'Ein rest-server',
      rclone: 'Was rclone erreicht',
      'restic-folder': 'Ein Ordner, von restic verschlüsselt',
    },
    placeHelp: {
      folder: 'Alle Versionen noch einmal, wie sie hier liegen. Schnell auf dem Stand und schnell zurückgeholt.',
      sftp: 'Von restic verschlüsselt, bevor es diesen Computer verlässt. Der Benutzer, unter dem Holdfast läuft, muss mit einem Schlüssel hineinkommen, ohne Passwort.',
      s3: 'Von restic verschlüsselt, bevor es diesen Computer verlässt.',
      b2: 'Von restic verschlüsselt, bevor es diesen Computer verlässt.',
      rest: 'Von restic verschlüsselt, bevor es diesen Computer verlässt. Auch ein Server, der nur annimmt (--append-only), ist recht: Dann kann von hier aus dort nichts gelöscht werden.',
      rclone:
        'Von restic verschlüsselt, bevor es diesen Computer verlässt. Das Ziel zuerst mit „rclone config“ einrichten, als der Benutzer, unter dem Holdfast läuft.',
      'restic-folder': 'Von restic verschlüsselt und gepackt, das allein alles wieder herausgibt.',
    },
    folder: 'Ordner',
    address: 'Adresse',
    examples: {
      folder: 'Von der Wurzel an, leer oder neu: /media/usb/holdfast',
      sftp: 'Etwa sftp:ada@nas.example.net:/backups',
      s3: 'Etwa s3:s3.eu-central-1.amazonaws.com/bucket/phones',
      b2: 'Etwa b2:bucket:phones',
      rest: 'Etwa rest:https://backup.example.org:8000/phones/',
      rclone: 'Etwa rclone:drive:phones',
      'restic-folder': 'Von der Wurzel an: /media/usb/restic',
    },
    name: 'Name',
    nameHelp: 'Buchstaben ohne Umlaute, Ziffern, Punkte und Bindestriche, etwa „usb-platte“.',
    secrets: 'Geheimes',
    credentials: {
      AWS_ACCESS_KEY_ID: 'Zugangsschlüssel',
      AWS_SECRET_ACCESS_KEY: 'Geheimer Schlüssel',
      AWS_SESSION_TOKEN: 'Sitzungstoken',
      AWS_DEFAULT_REGION: 'Region',
      B2_ACCOUNT_ID: 'Schlüssel-ID',
      B2_ACCOUNT_KEY: 'Anwendungsschlüssel',
      AZURE_ACCOUNT_NAME: 'Konto',
      AZURE_ACCOUNT_KEY: 'Kontoschlüssel',
      RESTIC_REST_USERNAME: 'Benutzername',
      RESTIC_REST_PASSWORD: 'Passwort des Servers',
    },
    isThere: 'Dort gibt es schon ein Repository von restic',
    isThereHelp: 'Sonst wird eines gemacht, mit einem Passwort, das einmal gezeigt wird.',
    password: 'Dessen Passwort',
    offSite: 'Sie liegt in einem anderen Gebäude',
    offSiteHelp: 'Ein Brand oder ein Einbruch zu Hause träfe sie nicht.',
    how: 'Wie sie geführt wird',
    every: 'Wie oft',
    hours: (hours: number) =>
      hours % 168 === 0
        ? hours === 168
          ? 'jede Woche'
          : `alle ${hours / 168} Wochen`
        : hours % 24 === 0
          ? hours === 24
            ? 'jeden Tag'
            : `alle ${hours / 24} Tage`
          : `alle ${hours} Stunden`,
    limit: 'Höchstens so schnell',
    limitHelp: 'Lässt anderen etwas von der Leitung. Leer: so schnell es geht.',
    kilobytes: 'kB/s',
    keep: 'Was dort bleibt',
    keeps: { all: 'jede Version', fewer: 'weniger, nach einer eigenen Regel' },
    periods: {
      last: 'Die neuesten',
      daily: 'Die letzte von jedem von so vielen Tagen',
      weekly: 'Die letzte von jeder von so vielen Wochen',
      monthly: 'Die letzte von jedem von so vielen Monaten',
    },
    here: {
      WRONG_PASSWORD:
        'Dort gibt es schon ein Repository, und das ist nicht sein Passwort. Angeben, dass es schon da ist, und dessen Passwort nennen, oder einen anderen Ort wählen.',
      PROGRAM_MISSING:
        'restic ist auf diesem Computer nicht installiert oder zu alt. Es installieren: „apt install restic“.',
    },
    added: 'Die Kopie ist eingerichtet',
    addedPassword: 'Ihr Passwort, nur jetzt gezeigt',
    made: (name: string, place: string) => `Die Kopie „${name}“ ist in ${place} eingerichtet. Noch liegt nichts darin.`,
    found: (name: string, place: string) =>
      `Die Kopie „${name}“ fand sich in ${place}. Was dort schon liegt, bleibt und wird auf den Stand gebracht.`,
    writeDown:
      'Es auf das Wiederherstellungsblatt schreiben und dieses dort verwahren, wo ein Brand zu Hause es nicht trifft: Ohne es kann niemand die Kopie lesen, wenn dieser Computer nicht mehr da ist.',
    fill: 'Jetzt füllen',
    writtenFill: 'Es ist aufgeschrieben: jetzt füllen',
    later: 'Später',
    change: (name: string) => `Wie „${name}“ geführt wird`,
    changeItem: 'Ändern …',
    secretsItem: 'Passwort und Zugang …',
    removeItem: 'Entfernen …',
    more: (name: string) => `Mehr zu ${name}`,
    newSecrets: {
      title: (name: string) => `Womit sich „${name}“ öffnet`,
      lead: 'Was hier steht, wird gleich versucht. Erst wenn das Repository sich damit geöffnet hat, ersetzt es, was bisher galt. Was leer bleibt, bleibt, wie es ist. Am Repository selbst ändert sich nichts.',
      password: 'Passwort des Repositorys',
      credentials: 'Zugangsdaten des Orts',
      nothing: 'Ein Passwort, Zugangsdaten oder beides angeben.',
      save: 'Versuchen und behalten',
      saved: (name: string) => `Die Kopie „${name}“ hat sich damit geöffnet. Von nun an gilt es.`,
      here: {
        WRONG_PASSWORD: 'Das Repository öffnet sich mit diesem Passwort nicht. Das alte bleibt.',
        COPY_FAILED: 'Der Ort der Kopie weist das ab. Was bisher galt, bleibt.',
        COPY_UNREACHABLE:
          'Der Ort der Kopie antwortet gerade nicht; so war nichts zu versuchen. Was bisher galt, bleibt.',
        COPY_UNEXPECTED: 'Damit öffnet sich ein anderes Repository als das der Kopie. Was bisher galt, bleibt.',
        PROGRAM_MISSING:
          'restic ist auf diesem Computer nicht installiert oder zu alt. Es installieren: „apt install restic“.',
      },
    },
    removeTitle: (name: string) => `Die Kopie „${name}“ vergessen?`,
    removeText: {
      folder: (place: string) =>
        `Sie wird nicht mehr auf den Stand gebracht. Was in ${place} liegt, bleibt dort unberührt; es lässt sich wieder hinzufügen oder von Hand löschen.`,
      restic: (place: string) =>
        `Sie wird nicht mehr auf den Stand gebracht, und ihr Passwort wird hier vergessen. Was in ${place} liegt, bleibt dort unberührt; sie wieder hinzuzufügen braucht das Passwort vom Wiederherstellungsblatt.`,
    },
    removeIt: 'Vergessen',
    removed: (name: string) => `Die Kopie „${name}“ ist vergessen. Was an ihrem Ort liegt, ist noch da.`,
  },
});
