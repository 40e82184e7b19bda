import { type ExitCode, exitCodes } from '../exit-code.ts';
import { wrap } from './wrap.ts';

/** A page of help that is not about one command. */
export type Topic = {
  readonly name: string;
  readonly summary: string;
  readonly text: string;
};

const exitCodeRows = (Object.keys(exitCodes) as ExitCode[]).map((name) => {
  const [number, meaning] = exitCodes[name];
  return `${String(number).padStart(5)}  ${meaning}`;
});

const exitCodeTopic: Topic = {
  name: 'exit-codes',
  summary: 'What each exit code means.',
  text: [
    ...exitCodeRows,
    '',
    ...wrap(
      '`choir lock` passes on the exit code of the command it ran; for a command ended by a signal ' +
        'that is 128 and the number of the signal.',
    ),
  ].join('\n'),
};

const identityTopic: Topic = {
  name: 'identity',
  summary: 'What --id keeps, and where.',
  text: [
    'Without --id the server issues an id for this run, and nothing is kept here.',
    '',
    '  choir send lobby --id alice "hello"',
    '',
    ...wrap(
      'With --id the identity lives in the state directory ($CHOIR_STATE, else ' +
        '$XDG_STATE_HOME/choir, else ~/.local/state/choir), one folder for each server address ' +
        'and id. It holds a secret, so that nobody else can be alice there, and what was handed ' +
        'over and is not acknowledged yet.',
    ),
    '',
    ...wrap(
      'What an interrupted run left pending is sent, once and in order, by the next command with ' +
        'the same --id, before anything else; standard error says so.',
    ),
    '',
    ...wrap(
      'One process at a time uses an identity: a second one ends with exit code 5 and names the ' +
        'first. An id whose secret is not here belongs to somebody else: exit code 6. Copy the ' +
        'folder to move an identity to another machine; delete it to give the identity up.',
    ),
  ].join('\n'),
};

const jsonTopic: Topic = {
  name: 'json',
  summary: 'The objects that --json prints.',
  text: [
    'One JSON object per line on standard output; the rest is on standard error.',
    '',
    '  {"type":"ready","url":…}                     serve: clients are accepted',
    '  {"type":"ack","group":…,"localId":…,"globalId":…,"epoch":…,"data":…}',
    '  {"type":"message","kind":"bcast",…,"senderId":…,"name":…,"data":…}',
    '  {"type":"message","kind":"obj_state",…,"object":…,"update":"INC","data":…}',
    '  {"type":"member","kind":…,"senderId":…,"name":…,"status":"member"|…}',
    '  {"type":"lock","kind":…,"senderId":…,"fence":…,"objects":[…],"status":…}',
    '',
    ...wrap(
      'globalId and localId are integers; globalId orders everything on a server, also across ' +
        'groups, and is never reused. epoch goes up when the server comes back from an unclean ' +
        'end. Data that is not UTF-8 text is {"base64":…}. docs/cli.md lists every object.',
    ),
  ].join('\n'),
};

export const topics: ReadonlyMap<string, Topic> = new Map(
  [exitCodeTopic, identityTopic, jsonTopic].map((topic) => [topic.name, topic]),
);
