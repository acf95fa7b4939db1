// Saves what is written a moment after the writing stops, and says so beside it.

const form = document.querySelector("form[data-autosave]");
const fields = [...form.elements].filter((one) => one.matches("textarea"));
const words = document.querySelector("[data-saved]");
const prefix = `${document.documentElement.dataset.csrf}=`;
// A page that asks whether to replace a newer answer waits for the button.
const asked = document.querySelector("[data-summary]");
let timer = 0;
let running = false;
let pressed = null;
let sure = false;

const changed = () => fields.some((one) => one.value !== one.defaultValue);

async function save(last = false) {
  clearTimeout(timer);
  if (running || !changed()) return;
  running = true;
  const sent = fields.map((one) => one.value);
  const cookie = document.cookie.split("; ").find((one) => one.startsWith(prefix));
  if (cookie) form.elements.csrfmiddlewaretoken.value = cookie.slice(prefix.length);
  let said = null;
  let reached = true;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      redirect: "error",
      keepalive: last,
      signal: AbortSignal.timeout(8000),
    });
    if (answer.ok) said = await answer.json();
  } catch (problem) {
    // Offline: the words stay on the page, and the page warns before it is left. Where an answer is
    // slow to come, the browser may have more patience.
    reached = problem.name === "TimeoutError";
  }
  running = false;
  if (said) {
    form.elements.opened_with.value = said.opened_with;
    fields.forEach((one, place) => (one.defaultValue = sent[place]));
  }
  const button = pressed;
  pressed = null;
  if (button && reached) {
    sure = true;
    form.requestSubmit(button);
    sure = false;
    return;
  }
  words.textContent = said ? words.dataset.yes : words.dataset.no;
  if (said && !asked && fields.some((one, place) => one.value !== sent[place])) later();
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(save, 1500);
}

for (const field of fields) {
  field.addEventListener("input", () => {
    words.textContent = "";
    if (!asked) later();
  });
}
// A button leaves the page, and so waits for a saving: offline, the words would be gone with the page.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (sure || !(running || changed())) return;
  event.preventDefault();
  pressed = event.submitter;
  save();
});
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && !asked && save(true));
