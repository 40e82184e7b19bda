/**
 * `choir admin import`: plays an export back through a client. The groups must not exist, so that an
 * import that is repeated doubles nothing. Parts that stood at one position go out as one message.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Group, Part } from '@choir/client';
import type { Given } from '../../arguments/given.ts';
import { usage } from '../../arguments/values.ts';
import { Connection } from '../../connection/connection.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { type ExportedLine, readExportedLine } from './exported-line.ts';

/** Messages that are sent and not yet acknowledged. */
const underWayMax = 64;

export async function importLog(file: string, given: Given, context: Context): Promise<ExitCode> {
  const deletions = await lastDeletions(file);
  const connection = await Connection.open(given, context, { longRunning: false });
  try {
    const replay = new Replay(connection, deletions);
    for await (const line of linesOf(file)) await replay.take(line);
    for (const [group, messages] of await replay.end()) {
      const record = { type: 'imported', group, messages };
      context.output.result(record, `${group}: ${messages} messages`);
    }
    return 'done';
  } finally {
    await connection.close();
  }
}

async function* linesOf(file: string): AsyncGenerator<ExportedLine, void> {
  const input = createReadStream(file);
  let number = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      const line = readExportedLine(text);
      if (line === null) throw usage(`${file}, line ${number}: this is no line of an export.`);
      yield line;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR'
      ? usage(`${message}.`)
      : error;
  } finally {
    input.destroy();
  }
}

/** What a group held before it was deleted is not played back. Reads all before anything is sent. */
async function lastDeletions(file: string): Promise<ReadonlyMap<string, number>> {
  const deletions = new Map<string, number>();
  for await (const { group, globalId, what } of linesOf(file)) {
    if (what.kind === 'deleted') deletions.set(group, globalId);
  }
  return deletions;
}

class Replay {
  readonly #connection: Connection;
  readonly #deletions: ReadonlyMap<string, number>;
  readonly #groups = new Map<string, Group>();
  readonly #messages = new Map<string, number>();
  readonly #underWay: Promise<unknown>[] = [];
  #parts: Part[] = [];
  #position = 0;

  constructor(connection: Connection, deletions: ReadonlyMap<string, number>) {
    this.#connection = connection;
    this.#deletions = deletions;
  }

  async take({ group: name, globalId, what }: ExportedLine): Promise<void> {
    if (globalId !== this.#position) await this.#flush();
    this.#position = globalId;
    if (globalId <= (this.#deletions.get(name) ?? 0)) return;
    if (what.kind === 'passed_over' || what.kind === 'deleted') return;
    const group = await this.#group(name);
    if (what.kind === 'part') this.#parts.push({ ...what.part, group: name });
    else await this.#send(group.setProperties(what.properties));
  }

  /** Waits for the rest; returns how many messages each group got. */
  async end(): Promise<ReadonlyMap<string, number>> {
    await this.#flush();
    while (this.#underWay.length > 0) await this.#settled();
    for (const group of this.#groups.values()) await this.#connection.answer(group.leave());
    return this.#messages;
  }

  /** Only members write objects. That the group is new is the server's to say. */
  async #group(name: string): Promise<Group> {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const { client } = this.#connection;
    await this.#connection.answer(client.create(name));
    const group = await this.#connection.answer(client.join(name, { name: 'choir admin import' }));
    this.#groups.set(name, group);
    this.#messages.set(name, 0);
    return group;
  }

  async #flush(): Promise<void> {
    if (this.#parts.length === 0) return;
    const parts = this.#parts;
    this.#parts = [];
    for (const group of new Set(parts.map((part) => part.group))) {
      this.#messages.set(group, (this.#messages.get(group) ?? 0) + 1);
    }
    await this.#send(this.#connection.client.send(parts));
  }

  async #send(sent: Promise<unknown>): Promise<void> {
    // Its failure is met when its turn has come.
    sent.catch(() => undefined);
    this.#underWay.push(sent);
    if (this.#underWay.length >= underWayMax) await this.#settled();
  }

  async #settled(): Promise<void> {
    const oldest = this.#underWay.shift();
    if (oldest !== undefined) await this.#connection.answer(oldest);
  }
}
