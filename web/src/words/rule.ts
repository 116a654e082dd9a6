import type { Formats } from '../../../src/contract/index.ts';
import { inBoth } from './in-both.ts';

/** When a device is backed up by itself. */
export const ruleWords = inBoth({
  en: {
    automatic: 'Back up by itself',
    every: 'How often',
    everyHelp: 'Counted from the last backup, one made by hand included. A night that was missed is made up.',
    hours: (hours: number, f: Formats) => capital(every(hours, f)),
    conditions: 'Conditions for beginning',
    conditionsHelp: 'A backup that has begun goes on without them.',
    onPower: 'Only while it is connected to power',
    locked: 'Only while it is locked',
    minBattery: 'On battery, not below',
    window: 'Only between certain times',
    from: 'From',
    to: 'To',
    asking: 'Devices that ask for their passcode',
    notAsking: 'Devices that do not ask',
    maxPrompts: 'How often a day it may ask',
    times: 'times',
    overdue: 'Tell somebody after',
    overdueHelp: 'Without a backup for so long, an alarm is raised.',
    days: 'days',
  },
  de: {
    automatic: 'Von selbst sichern',
    every: 'Wie oft',
    everyHelp: 'Gezählt ab der letzten Sicherung, auch einer von Hand. Eine versäumte Nacht wird nachgeholt.',
    hours: (hours: number, f: Formats) => capital(everyInGerman(hours, f)),
    conditions: 'Bedingungen für den Beginn',
    conditionsHelp: 'Eine begonnene Sicherung läuft auch ohne sie weiter.',
    onPower: 'Nur, während es am Strom hängt',
    locked: 'Nur, während es gesperrt ist',
    minBattery: 'Ohne Strom nicht unter',
    window: 'Nur zu bestimmten Zeiten',
    from: 'Von',
    to: 'Bis',
    asking: 'Geräte, die nach ihrem Code fragen',
    notAsking: 'Geräte, die nicht fragen',
    maxPrompts: 'Wie oft am Tag es fragen darf',
    times: 'mal',
    overdue: 'Jemandem melden nach',
    overdueHelp: 'So lange ohne Sicherung, dann gibt es eine Warnung.',
    days: 'Tagen',
  },
});

function every(hours: number, f: Formats): string {
  if (hours === 24) return 'every day';
  if (hours === 168) return 'every week';
  if (hours % 24 === 0) return `every ${f.number(hours / 24)} days`;
  return hours === 1 ? 'every hour' : `every ${f.number(hours)} hours`;
}

function everyInGerman(hours: number, f: Formats): string {
  if (hours === 24) return 'jeden Tag';
  if (hours === 168) return 'jede Woche';
  if (hours % 24 === 0) return `alle ${f.number(hours / 24)} Tage`;
  return hours === 1 ? 'jede Stunde' : `alle ${f.number(hours)} Stunden`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
