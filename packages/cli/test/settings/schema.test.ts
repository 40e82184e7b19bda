import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { serveCommand } from '../../src/commands/serve.ts';
import { schemaOf, settable } from '../../src/settings/schema.ts';

const page = fileURLToPath(
  new URL('../../../../docs/generated/serve-config.schema.json', import.meta.url),
);

test('docs/generated/serve-config.schema.json is made from the options of serve (vitest -u writes it)', async () => {
  const schema = schemaOf(serveCommand.options, 'The settings of choir serve');
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(page);
});

test('the schema has every option that a file may set, and nothing else', () => {
  const schema = schemaOf(serveCommand.options, '');
  const names = Object.keys(settable(serveCommand.options));
  expect(Object.keys(Object(schema['properties']))).toEqual(['$schema', ...names]);
  expect(names).toContain('port');
  expect(names).not.toContain('print-config');
});

test('a default that the table has is the one that the help tells', () => {
  for (const [name, option] of Object.entries(serveCommand.options)) {
    if (option.default !== undefined)
      expect(option.help, name).toContain(`(default ${option.default}`);
  }
});
