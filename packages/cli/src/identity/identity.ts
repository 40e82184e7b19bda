/** The identity of `--id`: its folder in the state directory, with the outbox that has one owner. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChoirError, type OutboxStore } from '@choir/client';
import { FileOutbox } from '@choir/client/node';
import { Failure } from '../failure.ts';
import { stateDirectory } from './state-directory.ts';

const ownerOnly = 0o700;

export class Identity {
  readonly id: string;
  readonly folder: string;
  readonly outbox: OutboxStore;
  /** It was made by this run: nothing is lost when it turns out to be no good. */
  readonly isNew: boolean;
  /** Local ids of what earlier runs left pending. */
  readonly leftOver: ReadonlySet<number>;

  private constructor(id: string, folder: string, outbox: OutboxStore) {
    this.id = id;
    this.folder = folder;
    this.outbox = outbox;
    const { identity, records } = outbox.load();
    this.isNew = identity === null;
    this.leftOver = new Set(records.map(({ localId }) => localId));
  }

  /** Takes the identity for this process. `server` is the first of those that are tried. */
  static async open(id: string, server: string, environment: NodeJS.ProcessEnv): Promise<Identity> {
    const folder = join(stateDirectory(environment), 'identities', folderName(server), id);
    try {
      mkdirSync(folder, { recursive: true, mode: ownerOnly });
      const outbox = await FileOutbox.open(join(folder, 'outbox'));
      writeFileSync(ownerFile(folder), `${process.pid}\n`);
      return new Identity(id, folder, outbox);
    } catch (error) {
      throw openingFailure(error, id, folder);
    }
  }

  /** Removes what is kept of it. */
  forget(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `ws://127.0.0.1:7400/path` is `127.0.0.1_7400_path`. */
function folderName(server: string): string {
  return server.replace(/^wss?:\/\//, '').replace(/[^\w.-]+/g, '_');
}

function ownerFile(folder: string): string {
  return join(folder, 'pid');
}

function openingFailure(error: unknown, id: string, folder: string): unknown {
  if (error instanceof ChoirError && error.code === 'OUTBOX_IN_USE') {
    return new Failure(
      'identity_in_use',
      `${id} is in use by ${ownerOf(folder)}; one process at a time has an identity.`,
      'End that process, wait for it, or choose another --id.',
    );
  }
  if (error instanceof ChoirError && error.code === 'OUTBOX_DAMAGED') {
    return new Failure(
      'identity_refused',
      `What is kept of ${id} is damaged: ${error.message}`,
      `Move ${folder} away and choose another --id.`,
    );
  }
  if (error instanceof Error && 'code' in error) {
    return new Failure(
      'failed',
      `The identity ${id} cannot be kept in ${folder}: ${error.message}.`,
      'Name another state directory in CHOIR_STATE.',
    );
  }
  return error;
}

function ownerOf(folder: string): string {
  try {
    return `process ${readFileSync(ownerFile(folder), 'utf8').trim()}`;
  } catch {
    return 'another process';
  }
}
