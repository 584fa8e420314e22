// Numbers as people read them.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const digits = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

export const NONE = "–";

/** A count or a rate: small ones with a fraction. */
export function count(value) {
  if (value == null) {
    return NONE;
  }
  return value < 100 ? digits.format(value) : whole.format(value);
}

/** A count of things, by the name of one of them. */
export function counted(value, thing) {
  return `${count(value)} ${thing}${value === 1 ? "" : "s"}`;
}

/** Milliseconds, in the unit that suits. */
export function millis(value) {
  if (value == null) {
    return NONE;
  }
  if (value >= 1000) {
    return `${digits.format(value / 1000)} s`;
  }
  return value < 1 && value > 0 ? `${whole.format(value * 1000)} µs` : `${digits.format(value)} ms`;
}

/** A limit, where -1 is none. */
export function limit(value) {
  return value < 0 ? "no limit" : count(value);
}

export function seconds(value) {
  return value < 60 ? `${value} s` : `${value / 60} min`;
}
