// A process that keeps a share of one core busy, and says each second which share it got.
const share = Number(process.argv[2]);
const sliceMs = 10;
const sayMs = 1_000;

let saidAt = performance.now();
let usedAt = process.cpuUsage();

function burn(): void {
  const until = performance.now() + sliceMs * share;
  while (performance.now() < until);
  const now = performance.now();
  if (now - saidAt >= sayMs) {
    const { user, system } = process.cpuUsage(usedAt);
    process.send?.((user + system) / 1_000 / (now - saidAt));
    saidAt = now;
    usedAt = process.cpuUsage();
  }
  setTimeout(burn, sliceMs * (1 - share));
}

burn();
process.on('disconnect', () => process.exit());
