// The form that starts and stops runs, and what became of the run.

import { get, post, remove } from "./api.js";
import { NONE, count, counted, millis, seconds } from "./format.js";
import { Slider } from "./slider.js";

const element = (id) => document.getElementById(id);

const CALLERS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const RATES = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000];
const SECONDS = [10, 30, 60, 120, 300, 600];

export class Load {
  #workloads = [];
  #chosen;
  #running = null;
  #callers = new Slider(element("callers"), { label: "Callers", steps: CALLERS, value: 100, format: count });
  #rate = new Slider(element("rate"), {
    label: "Rate of each lane",
    steps: RATES,
    value: 1000,
    format: (value) => `${count(value)}/s`,
  });
  #seconds = new Slider(element("seconds"), { label: "For", steps: SECONDS, value: 60, format: seconds });

  /** `chosen` is called with the workload that the user looks at. */
  constructor(chosen) {
    element("load").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#startOrStop();
    });
    element("arrivals").addEventListener("change", () => this.#showSliders());
    element("workload").addEventListener("change", () => this.#choose());
    this.#showSliders();
    this.#chosen = chosen;
  }

  /** Asks which workloads there are: another start of the application may have others. */
  async refresh() {
    const workloads = await get("api/live/workloads");
    this.#workloads = workloads;
    const choice = element("workload");
    const before = choice.value;
    choice.replaceChildren(...workloads.map(({ name, title }) => new Option(title, name)));
    choice.value = workloads.some(({ name }) => name === before) ? before : workloads[0]?.name;
    choice.disabled = workloads.length === 0;
    element("start").disabled = workloads.length === 0;
    element("load-message").textContent =
      workloads.length > 0
        ? ""
        : "No profile that runs has a workload. Start the application with postgres or sklearn.";
    for (const link of document.querySelectorAll(".readings")) {
      link.hidden = !workloads.some(({ name }) => name === "inserts");
    }
    this.#choose();
  }

  #choose() {
    const workload = this.#workloads.find(({ name }) => name === element("workload").value);
    element("limit").textContent = workload?.unbatchedLimit ?? "";
    if (workload) {
      this.#chosen(workload);
    }
  }

  #showSliders() {
    const closed = element("arrivals").value === "callers";
    element("callers").hidden = !closed;
    element("rate").hidden = closed;
  }

  async #startOrStop() {
    const button = element("start");
    button.disabled = true;
    this.#say("");
    try {
      if (this.#running === null) {
        await post("api/live/runs", {
          workload: element("workload").value,
          lanes: document.querySelector("input[name=lanes]:checked").value.split(","),
          arrivals: element("arrivals").value,
          callers: this.#callers.value,
          rate: this.#rate.value,
          seconds: this.#seconds.value,
        });
        this.#say("Started.");
      } else {
        await remove(`api/live/runs/${this.#running}`);
      }
    } catch (failure) {
      this.#say(failure.message, true);
    }
    button.disabled = this.#workloads.length === 0;
  }

  #say(message, failed = false) {
    const line = element("load-message");
    line.textContent = message;
    line.classList.toggle("failed", failed);
  }

  show({ run, lanes }) {
    if (!run) {
      return;
    }
    const running = run.end === null;
    if (this.#running !== null && !running) {
      this.#say(`Run ${run.id} ended: ${run.end}.`);
    }
    this.#running = running ? run.id : null;
    const button = element("start");
    button.textContent = running ? "Stop" : "Start";
    button.classList.toggle("primary", !running);
    // A run keeps the load that it was started with.
    element("load-options").disabled = running;
    element("progress").value = run.elapsedSeconds / run.load.seconds;
    element("run").textContent = describe(run, this.#workloads);
    element("results-of").textContent = running ? "in the last second" : `over the whole of run ${run.id}`;
    for (const name of ["batched", "unbatched"]) {
      showLane(element(`lane-${name}`), lanes[name], running);
    }
    element("comparison").textContent = compare(lanes, running);
  }
}

function describe({ id, load, elapsedSeconds, end }, workloads) {
  const title = workloads.find(({ name }) => name === load.workload)?.title ?? load.workload;
  const calls =
    load.arrivals === "callers" ? counted(load.callers, "caller") : `${count(load.rate)}/s, ${load.arrivals}`;
  const time = `${Math.floor(elapsedSeconds)} of ${load.seconds} s`;
  return `Run ${id}: ${title}, ${calls}; ${time}${end === null ? "" : `, ended`}.`;
}

function showLane(card, lane, running) {
  const figures = lane && (running ? lane.lastSecond : lane.wholeRun);
  const set = (figure, text) => {
    card.querySelector(`[data-figure=${figure}]`).textContent = text;
  };
  card.classList.toggle("off", !lane);
  set("perSecond", count(figures?.perSecond));
  for (const percentile of ["p50", "p95", "p99"]) {
    set(percentile, millis(figures?.[percentile]));
  }
  set("count", lane ? count(lane.wholeRun.count) : NONE);
  set("failed", lane ? count(lane.failed) : NONE);
  set(
    "failures",
    Object.entries(lane?.failures ?? {})
      .map(([kind, number]) => `${count(number)} × ${kind}`)
      .join(", "),
  );
}

function compare({ batched, unbatched }, running) {
  const [one, other] = [batched, unbatched].map((lane) => lane && (running ? lane.lastSecond : lane.wholeRun));
  if (!one?.count || !other?.count) {
    return "";
  }
  return `Batching makes ${ratio(one.perSecond, other.perSecond, "as many calls")}, and the median call takes ${ratio(one.p50, other.p50, "as long")}.`;
}

function ratio(one, other, what) {
  const factor = one / other;
  if (factor > 0.95 && factor < 1.05) {
    return `about ${what}`;
  }
  return factor >= 1 ? `${factor.toFixed(1)} times ${what}` : `${(factor * 100).toFixed(factor < 0.1 ? 1 : 0)} % ${what}`;
}
