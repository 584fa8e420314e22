// A slider over chosen values, with its label and the value to be seen (and to be heard: aria-valuetext).

/** How long the value must rest before it counts: a key held down, or a drag, is one change. */
const REST_MILLIS = 200;

let ids = 0;

export class Slider {
  #steps;
  #format;
  #input;
  #output;
  #value;
  #timer;

  /** Fills the element `parent`. `changed` is called with the value when the user has chosen one. */
  constructor(parent, { label, steps, value, format, changed = () => {} }) {
    this.#steps = steps;
    this.#format = format;
    const id = `slider-${ids++}`;
    const name = document.createElement("label");
    name.htmlFor = id;
    name.textContent = label;
    this.#input = document.createElement("input");
    Object.assign(this.#input, { id, type: "range", min: 0, max: steps.length - 1, step: 1 });
    this.#output = document.createElement("output");
    this.#output.htmlFor.add(id);
    // The slider itself says its value; nobody needs to hear it twice.
    this.#output.setAttribute("aria-hidden", "true");
    parent.classList.add("slider");
    parent.append(name, this.#output, this.#input);
    this.value = value;
    this.#input.addEventListener("input", () => {
      this.#show(steps[this.#input.valueAsNumber]);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        changed(this.#value);
      }, REST_MILLIS);
    });
  }

  get value() {
    return this.#value;
  }

  /** Sets it from outside, unless the user is about to; a value between the steps is shown as it is. */
  set value(value) {
    if (this.#timer || value === this.#value) {
      return;
    }
    this.#input.value = this.#nearest(value);
    this.#show(value);
  }

  set disabled(disabled) {
    this.#input.disabled = disabled;
  }

  #nearest(value) {
    const wanted = value < 0 ? Infinity : value;
    const above = this.#steps.findIndex((step) => step >= wanted);
    return above < 0 ? this.#steps.length - 1 : above;
  }

  #show(value) {
    this.#value = value;
    const text = this.#format(value);
    this.#output.textContent = text;
    this.#input.setAttribute("aria-valuetext", text);
  }
}
