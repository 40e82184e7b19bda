import type { SharedObject } from '@choir/client';
import type { ObjectId } from '@choir/protocol';
import type { Command } from '../arguments/command.ts';
import type { Given } from '../arguments/given.ts';
import { connecting, naming, patience } from '../arguments/option.ts';
import { groupName, objectId, usage } from '../arguments/values.ts';
import { Connection } from '../connection/connection.ts';
import { displayNameOf } from '../connection/display-name.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { Failure } from '../failure.ts';
import { jsonData } from '../output/json-data.ts';
import { inputBytes } from './input-lines.ts';
import { noGroup } from './log.ts';

export const objectCommand: Command = {
  name: 'object',
  summary: 'Reads or changes a shared object.',
  synopsis: 'GROUP ID get|set|append [DATA] [OPTION…]',
  options: { ...connecting, ...naming, ...patience },
  examples: [
    ['choir object team notes get', 'prints its bytes as they are'],
    ['choir object team notes set "first line"', 'replaces it (a NEW update)'],
    ['date | choir object team notes append', 'appends standard input (an INC update)'],
  ],
  notes: [
    'Only members write, so set and append join the group for that long. An object that somebody ' +
      'else has locked is not written: exit code 4.',
    'Data is taken from the argument, else from standard input to its end, byte by byte.',
  ],
  words: { names: ['GROUP', 'ID', 'get|set|append'], max: 4, restIsApart: true },
  run: runObject,
};

type Place = { readonly group: string; readonly object: ObjectId };

async function runObject(given: Given, context: Context): Promise<ExitCode> {
  const group = groupName(given.word(0, 'GROUP'));
  const place = { group, object: objectId(given.word(1, 'ID')) };
  const [, , verb, text = given.rest?.[0]] = given.words;
  if (verb !== 'get' && verb !== 'set' && verb !== 'append') {
    throw usage(`${JSON.stringify(verb)}: an object is read with get, written with set or append.`);
  }
  if (verb === 'get' && text !== undefined) throw usage('get takes no data.');
  const connection = await Connection.open(given, context, { longRunning: false });
  try {
    if (verb === 'get') return await read(place, connection, context);
    const data =
      text === undefined
        ? inputBytes(context.input)
        : Promise.resolve(new TextEncoder().encode(text));
    const bytes = await connection.lasting(data);
    const name = displayNameOf(given);
    const joined = await connection.answer(connection.client.join(group, { name }));
    const object = joined.object(place.object);
    try {
      await write(verb, { object, bytes, place }, { connection, context });
    } finally {
      // Also of who was refused: nobody is to wait for somebody that does not come back.
      await connection.parting(() => joined.leave());
    }
    return 'done';
  } finally {
    await connection.close();
  }
}

async function read(place: Place, connection: Connection, context: Context): Promise<ExitCode> {
  const { group, object } = place;
  const state = await connection.answer(connection.client.readState(group, [object]));
  const updates = state.objects.get(object);
  if (!state.exists) throw noGroup(group);
  if (updates === undefined || updates.length === 0) {
    throw new Failure('nothing_there', `The group ${group} has no object ${object}.`);
  }
  const data = Buffer.concat(updates.map((update) => update.data));
  const { output } = context;
  if (output.json) {
    const { seq: globalId, epoch } = state.at;
    output.result({ type: 'object', group, object, globalId, epoch, data: jsonData(data) }, '');
  } else output.bytes(data);
  return 'done';
}

type Writing = {
  readonly object: SharedObject;
  readonly bytes: Uint8Array;
  readonly place: Place;
};

async function write(
  verb: 'set' | 'append',
  { object, bytes, place }: Writing,
  { connection, context }: { readonly connection: Connection; readonly context: Context },
): Promise<void> {
  const written = verb === 'set' ? object.replace(bytes) : object.update(bytes);
  const { globalId, epoch, localId } = await connection.answer(written);
  const record = { type: 'ack', ...place, localId, globalId, epoch, data: jsonData(bytes) };
  const changed = verb === 'set' ? 'replaced' : 'appended to';
  const line = `#${globalId} ${changed} ${place.object} (${bytes.length} bytes)`;
  context.output.result(record, context.output.paint('dim', line));
}
