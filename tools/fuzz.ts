/** npm run fuzz -- [--ftmp] [OPTION…]: frames at a server, or with --ftmp datagrams at processor groups. */
const program = process.argv.includes('--ftmp')
  ? '../packages/drivers/test/fuzz/main.ts'
  : '../packages/server/test/fuzz/main.ts';
await import(new URL(program, import.meta.url).href);
