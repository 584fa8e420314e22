// The sliders that retune a batcher through Actuator's endpoint.

import { post } from "./api.js";
import { limit, millis } from "./format.js";
import { Slider } from "./slider.js";

const element = (id) => document.getElementById(id);

const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const MILLIS = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500];
const BATCHES = [1, 2, 3, 4, 5, 6, 7, 8];

/** From this width on, charts and sliders are side by side (as in style.css). */
const SIDE_BY_SIDE = matchMedia("(min-width: 52rem)");

const DISPATCH_HINTS = {
  fixed: "A batch that isn't full lingers up to the max queue time.",
  natural: "A batch is dispatched as soon as a slot is free. Max queue time has no effect.",
  adaptive: "A batch lingers only if that is expected to pay, up to the max queue time.",
};

export class Tuning {
  #batchers = {};
  #sizes = this.#slider("max-batch-size", "Max batch size", SIZES, limit, (size) => ({ maxBatchSize: size }));
  #times = this.#slider("max-queue-time", "Max queue time (linger)", MILLIS, millis, (time) => ({
    maxQueueTime: `${time}ms`,
  }));
  #concurrency = this.#slider("concurrency", "Concurrency", BATCHES, limit, (batches) => ({
    concurrency: batches,
  }));

  constructor() {
    const unfold = () => (element("retune").open = SIDE_BY_SIDE.matches);
    SIDE_BY_SIDE.addEventListener("change", unfold);
    unfold();
    element("batcher").addEventListener("change", () => this.#showOptions());
    element("dispatch").addEventListener("change", (event) => {
      this.#showDispatch(event.target.value);
      this.#retune({ dispatch: event.target.value });
    });
    element("flush").addEventListener("click", () => this.#operate("flush", "Flushed."));
    element("pause").addEventListener("click", () =>
      this.#batcher.paused ? this.#operate("resume", "Resumed.") : this.#operate("pause", "Paused: items queue up."),
    );
    element("reset").addEventListener("click", () => {
      const { maxBatchSize, maxQueueMillis, concurrency, dispatch } = this.#batcher.configured;
      const configured = { maxBatchSize, maxQueueTime: `PT${maxQueueMillis / 1000}S`, concurrency, dispatch };
      this.#retune(configured, "Set as configured.");
    });
  }

  #slider(id, label, steps, format, options) {
    return new Slider(element(id), {
      label,
      steps,
      value: steps[0],
      format,
      changed: (value) => this.#retune(options(value)),
    });
  }

  /** The name of the batcher that is looked at. */
  get name() {
    return element("batcher").value;
  }

  set name(name) {
    this.#listBatchers([...new Set([...Object.keys(this.#batchers), name])]);
    element("batcher").value = name;
    this.#showOptions();
  }

  get #batcher() {
    return this.#batchers[this.name];
  }

  show(batchers) {
    this.#batchers = batchers;
    this.#listBatchers(Object.keys(batchers));
    this.#showOptions();
  }

  #listBatchers(names) {
    const choice = element("batcher");
    if (names.join() !== [...choice.options].map(({ value }) => value).join()) {
      const chosen = choice.value;
      choice.replaceChildren(...names.map((name) => new Option(name)));
      choice.value = names.includes(chosen) ? chosen : (names[0] ?? "");
    }
  }

  #showOptions() {
    element("tuning").disabled = !this.#batcher;
    if (!this.#batcher || this.#sending) {
      return;
    }
    const { options, paused } = this.#batcher;
    this.#sizes.value = options.maxBatchSize;
    this.#times.value = options.maxQueueMillis;
    this.#concurrency.value = options.concurrency;
    element("dispatch").value = options.dispatch;
    this.#showDispatch(options.dispatch);
    element("pause").textContent = paused ? "Resume" : "Pause";
    // A paused batcher ignores a flush.
    element("flush").disabled = paused;
  }

  #showDispatch(dispatch) {
    element("dispatch-hint").textContent = DISPATCH_HINTS[dispatch];
    this.#times.disabled = dispatch === "natural";
  }

  /** While a change is on its way, frames still show what was before. */
  #sending = 0;

  async #retune(options, done) {
    const [[option, value]] = Object.entries(options);
    await this.#send("", options, done ?? `Set: ${option} ${value}.`);
  }

  async #operate(operation, done) {
    await this.#send(`/${operation}`, undefined, done);
  }

  async #send(path, body, done) {
    const name = this.name;
    const line = element("tuning-message");
    this.#sending++;
    try {
      await post(`actuator/batchers/${encodeURIComponent(name)}${path}`, body);
      line.textContent = done;
      line.classList.remove("failed");
    } catch (failure) {
      line.textContent = failure.message;
      line.classList.add("failed");
    }
    // Until the first frame that knows.
    setTimeout(() => this.#sending--, 300);
  }
}
