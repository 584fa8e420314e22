// The emulator on a free port of the loopback interface (its own command line listens on all), told on standard output;
// it ends with whoever started it. GET /calls says how many batches were published.
import { buildApp } from "fauxqs";

const app = buildApp({ logger: false });
let calls = 0;
app.addHook("preHandler", async (request) => {
  if (request.body?.Action === "PublishBatch") calls++;
});
app.get("/calls", async () => calls);
await app.listen({ host: "127.0.0.1", port: 0 });
console.log(app.server.address().port);
process.stdin.resume().on("end", () => process.exit());
