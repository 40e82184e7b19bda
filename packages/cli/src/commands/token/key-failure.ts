import { KeyFileError } from '@choir/server';
import { Failure } from '../../failure.ts';
import { sentencesOf } from '../server-failure.ts';

/** The result, or what is wrong with a file of keys as a failure. */
export async function withKeys<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    throw new Failure('gate', ...sentencesOf(error.message), error.remedy);
  }
}
