// The application's answers, as values or as errors with a message for people.

async function send(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Error("The application can't be reached.");
  }
  const text = await response.text();
  let answer;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    answer = null;
  }
  if (!response.ok) {
    throw new Error(message(answer) ?? `The application answered ${response.status}.`);
  }
  return answer;
}

/** Of a problem detail, or of the endpoint's rejection. */
function message(answer) {
  const errors = Object.entries(answer?.errors ?? {}).map(([field, error]) => `${field} ${error}`);
  return errors.length > 0 ? `${errors.join("; ")}.` : (answer?.detail ?? answer?.error);
}

export const get = (path) => send("GET", path);
export const post = (path, body) => send("POST", path, body);
export const remove = (path) => send("DELETE", path);

/** How long after a lost connection another is tried, and how long silence may last. */
const AGAIN_MILLIS = 2_000;
const SILENCE_MILLIS = 5_000;

/** Listens to the frames for as long as the page is there, over as many connections as that takes. */
export function listen({ frame, connected, lost }) {
  const source = new EventSource("api/live/events");
  let silence;
  const again = () => {
    clearTimeout(silence);
    source.close();
    lost();
    setTimeout(() => listen({ frame, connected, lost }), AGAIN_MILLIS);
  };
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(again, SILENCE_MILLIS);
  };
  source.onopen = () => {
    connected();
    heard();
  };
  source.onmessage = (event) => {
    heard();
    frame(JSON.parse(event.data));
  };
  // The browser would try again by itself after some failures, but not after all.
  source.onerror = again;
}
