/** An object of a class that has no counterpart among JavaScript's own values: its class and what it archived. */
export class KeyedObject {
  readonly className: string;
  /** The class and those it inherits from, nearest first. */
  readonly classes: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(className: string, fields: Readonly<Record<string, unknown>>, classes?: readonly string[]) {
    this.className = className;
    this.fields = fields;
    this.classes = classes ?? [className, 'NSObject'];
  }
}
