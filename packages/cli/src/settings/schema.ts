/** The JSON schema of the settings file, made from the table of options (O1). */
import type { OptionTable } from '../arguments/option.ts';
import { kindOf, type ValueKind } from './value-kind.ts';

export type Schema = { readonly [name: string]: unknown };

/** The options that a file may set: those that do not belong to one run. */
export function settable(options: OptionTable): OptionTable {
  return Object.fromEntries(Object.entries(options).filter(([, { ofOneRun }]) => !ofOneRun));
}

export function schemaOf(options: OptionTable, title: string): Schema {
  const properties = Object.entries(settable(options)).map(([name, option]) => {
    const one = valueSchema(kindOf(option));
    const list = { type: 'array', items: one, uniqueItems: true };
    return [name, { description: option.help, ...(option.repeatable === true ? list : one) }];
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    type: 'object',
    additionalProperties: false,
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(properties) },
  };
}

function valueSchema(kind: ValueKind): Schema {
  switch (kind.kind) {
    case 'flag':
      return { type: 'boolean' };
    case 'number':
      return { type: 'integer', minimum: kind.min, maximum: kind.max };
    case 'choice':
      return { enum: kind.of };
    case 'duration':
      return { type: 'string', pattern: '^\\d+(\\.\\d+)?(ms|s|m|h)?$' };
    case 'path':
    case 'text':
      return { type: 'string', minLength: 1 };
    default:
      return kind satisfies never;
  }
}
