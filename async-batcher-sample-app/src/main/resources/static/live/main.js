// Brings the page to life: frames come four times a second, and every part shows what it knows of them.

import { listen } from "./api.js";
import { Charts } from "./charts.js";
import { count, limit, millis } from "./format.js";
import { Load } from "./load.js";
import { Tuning } from "./tuning.js";

const tuning = new Tuning();
const load = new Load((workload) => (tuning.name = workload.batcher));
const charts = new Charts(document.getElementById("charts"));
const connection = document.getElementById("connection");

listen({
  connected: () => {
    connection.textContent = "Connected";
    connection.classList.remove("lost");
    load.refresh().catch(() => {});
  },
  lost: () => {
    connection.textContent = "No connection to the application; trying again …";
    connection.classList.add("lost");
  },
  frame: (frame) => {
    load.show(frame);
    tuning.show(frame.batchers);
    charts.add(frame, tuning.name);
    showBatchers(frame.batchers);
  },
});

function where(remote) {
  return remote ? [remote.target, remote.state, ...remote.workers].join(", ") : "here";
}

function showBatchers(batchers) {
  document.getElementById("elsewhere").hidden = !Object.values(batchers).some((batcher) => batcher.remote);
  const body = document.getElementById("batchers");
  const rows = Object.entries(batchers).map(([name, batcher]) => {
    const { options, queued, inFlight, activeBatches, rejected, lastSecond } = batcher;
    return [
      name,
      batcher.paused ? "paused" : batcher.running ? "running" : "stopped",
      where(batcher.remote),
      ...[queued, inFlight].map(limit),
      count(lastSecond.count ? lastSecond.items / lastSecond.count : null),
      ...[activeBatches, rejected].map(limit),
      limit(options.maxBatchSize),
      millis(options.maxQueueMillis),
      limit(options.concurrency),
      options.dispatch,
    ];
  });
  if (body.rows.length !== rows.length) {
    body.replaceChildren();
    for (const row of rows) {
      const line = body.insertRow();
      row.forEach((text, i) => line.append(document.createElement(i === 0 ? "th" : "td")));
      line.cells[0].scope = "row";
    }
  }
  rows.forEach((row, r) => {
    body.rows[r].dataset.batcher = row[0];
    row.forEach((text, i) => (body.rows[r].cells[i].textContent = text));
  });
}
