/**
 * From the lines of a log to what each person does, step by step.
 *
 * Every line becomes exactly one step that carries its number. Logs leave things out: people were
 * there before the first line, and quits may be filtered. So steps without a line are added: who
 * speaks without having joined joins first; a nick that joins, or is taken, while somebody has it
 * makes that one leave first.
 */
import { readLine } from './line.ts';

export type Act =
  | { readonly kind: 'join'; readonly name: string }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'rename'; readonly name: string }
  | { readonly kind: 'leave' };

export type Step = {
  readonly person: number;
  readonly act: Act;
  /** Number of the line, from 1; 0 for a step that was added. */
  readonly line: number;
};

export type Script = { readonly steps: readonly Step[]; readonly persons: number };

/** Broadcasts the lines that nobody said. */
const serverName = 'irc-server';

export function scriptOf(text: string): Script {
  const stage = new Stage();
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  for (const [index, line] of lines.entries()) stage.play(line, index + 1);
  return { steps: stage.steps, persons: stage.persons };
}

class Stage {
  readonly steps: Step[] = [];
  persons = 0;
  /** Who has which nick now, and who had it when leaving. */
  readonly #present = new Map<string, number>();
  readonly #away = new Map<string, number>();

  play(text: string, line: number): void {
    const read = readLine(text);
    switch (read.kind) {
      case 'joined':
        if (this.#present.has(read.nick)) this.#leave(read.nick, 0);
        this.#join(read.nick, line);
        return;
      case 'left':
        this.#someone(read.nick);
        this.#leave(read.nick, line);
        return;
      case 'renamed':
        this.#rename(read.nick, read.to, line);
        return;
      case 'said':
        this.#say(read.nick, read.text, line);
        return;
      case 'other':
        this.#say(this.#present.has(read.first) ? read.first : serverName, read.text, line);
        return;
      default:
        read satisfies never;
    }
  }

  #say(nick: string, text: string, line: number): void {
    this.steps.push({ person: this.#someone(nick), act: { kind: 'say', text }, line });
  }

  #join(nick: string, line: number): number {
    const person = this.#away.get(nick) ?? this.persons++;
    this.#away.delete(nick);
    this.#present.set(nick, person);
    this.steps.push({ person, act: { kind: 'join', name: displayName(nick) }, line });
    return person;
  }

  #leave(nick: string, line: number): void {
    const person = this.#someone(nick);
    this.#present.delete(nick);
    this.#away.set(nick, person);
    this.steps.push({ person, act: { kind: 'leave' }, line });
  }

  #rename(nick: string, to: string, line: number): void {
    const person = this.#someone(nick);
    if (to !== nick && this.#present.has(to)) this.#leave(to, 0);
    this.#present.delete(nick);
    this.#away.delete(to);
    this.#present.set(to, person);
    this.steps.push({ person, act: { kind: 'rename', name: displayName(to) }, line });
  }

  #someone(nick: string): number {
    return this.#present.get(nick) ?? this.#join(nick, 0);
  }
}

/** IRC allows the backslash in nicks, Choir's display names do not. */
function displayName(nick: string): string {
  return nick.replaceAll('\\', '∖').slice(0, 60);
}
