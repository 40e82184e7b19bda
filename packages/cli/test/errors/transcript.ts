/** A page of commands and what they printed, with what differs from run to run evened out. */
import type { Ended } from '../running/choir-process.ts';

export class Transcript {
  readonly #parts: string[] = [];
  readonly #replacements: [RegExp | string, string][] = [];

  constructor(...opening: readonly string[]) {
    this.#parts.push(...opening, '');
  }

  /** Ports, folders and process ids of this run, by what stands for them on the page. */
  replace(found: RegExp | string, shown: string): void {
    this.#replacements.push([found, shown]);
  }

  title(text: string): void {
    this.#parts.push(`## ${text}`, '');
  }

  add(args: readonly string[], { code, stdout, stderr }: Ended): void {
    const command = ['choir', ...args.map(quoted)].join(' ');
    const printed = this.#even(`$ ${command}\n${stdout}${stderr}`);
    this.#parts.push('```', `${printed}[exit code ${code}]`, '```', '');
  }

  get text(): string {
    return this.#parts.join('\n');
  }

  #even(text: string): string {
    return this.#replacements.reduce((even, [found, shown]) => even.replaceAll(found, shown), text);
  }
}

function quoted(word: string): string {
  if (/^[\w./:=@-]+$/.test(word)) return word;
  const visible = JSON.stringify(word).slice(1, -1);
  return visible === word ? `'${word}'` : `$'${visible.replaceAll("'", "\\'")}'`;
}
