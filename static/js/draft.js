// Keeps what is being written as a draft on the server, and says beside the buttons whether it did.
// "Saved" stands there only for exactly the words that are in the form. Nothing is kept in the browser.

export const form = document.querySelector("form[data-draft]");
const says = document.querySelector("[data-kept]");
const root = document.documentElement;
const OURS = ["csrfmiddlewaretoken", "page_of", "form_id", "row"];
const SOON = 1000;
const LONGEST = 60_000;
// Browsers refuse more than this to a request that may outlive its page.
const KEEPALIVE = 60_000;

// What static/js/merge.js adds where several tabs may fill in one form together.
export const besides = { sends() {}, hears: (said, written) => written };

export function words(of = form) {
  const data = new FormData(of);
  OURS.forEach((name) => data.delete(name));
  return new URLSearchParams(data).toString();
}

const asOpened = form.cloneNode(true);
asOpened.reset();
// A form that was refused has been kept by nobody.
export let kept = form.dataset.guard === "changed" ? null : words(asOpened);
// Something was sent and not answered: nobody knows whether the server has it.
let doubt = false;
// The states of this draft that may be on the server: a draft in another one is another tab's.
let sent = says.dataset.version ? [says.dataset.version] : [];
let pause = SOON;
let timer = 0;
let turn = 0;
let running = null;
let over = false;
let told = "";

const isKept = () => !doubt && words() === kept;
const saysKept = () => !says.querySelector("[data-is=yes]").hidden;

// What was said before is not read out again.
function say(name, quietly = name === told) {
  says.ariaLive = quietly ? "off" : "polite";
  if (!quietly) told = name;
  for (const one of says.children) one.hidden = one.dataset.is !== name;
}

function later(after) {
  clearTimeout(timer);
  timer = setTimeout(save, after);
}

// From here on leaving the page loses nothing, so it warns no more.
function settle() {
  for (const one of form.elements) {
    if (one.type === "checkbox" || one.type === "radio") one.defaultChecked = one.checked;
    else if (one.options) for (const option of one.options) option.defaultSelected = option.selected;
    else if (one.type !== "hidden" && "defaultValue" in one) one.defaultValue = one.value;
  }
  form.dataset.guard = "kept";
}

function body(version) {
  const data = new FormData(form);
  const prefix = `${root.dataset.csrf}=`;
  const cookie = document.cookie.split("; ").find((one) => one.startsWith(prefix));
  if (cookie) data.set("csrfmiddlewaretoken", cookie.slice(prefix.length));
  data.set("page_of", root.dataset.pageOf);
  data.set("draft_version", version);
  data.set("draft_after", sent.join(" "));
  besides.sends(data);
  return data;
}

async function post(version, last, stop) {
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body: body(version),
      headers: { Accept: "application/json" },
      redirect: "error",
      keepalive: last && words().length < KEEPALIVE,
      signal: stop.signal,
    });
    const json = answer.headers.get("Content-Type")?.startsWith("application/json");
    return { status: answer.status, ...(json ? await answer.json() : {}) };
  } catch {
    return { status: 0 };
  }
}

async function save(last = false, again = false) {
  clearTimeout(timer);
  if (over || (isKept() && !again) || (running && last !== true)) return;
  const mine = ++turn;
  const written = words();
  const version = crypto.getRandomValues(new Uint32Array(2)).join("-");
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), 8000);
  const asked = post(version, last === true, stop);
  doubt ||= words() !== kept;
  sent = [...sent, version].slice(-20);
  running = { asked, stop };
  const said = await asked;
  clearTimeout(patience);
  // A newer one is on its way, and the server keeps to the order.
  if (mine !== turn) return;
  running = null;
  if (said.status && said.status < 500) doubt = false;
  if (again && said.status === 409) kept = null;
  // What was kept stays so where nobody can be asked.
  else if (again && said.status !== 200 && isKept()) return;
  hear(said, written, version);
}

function hear(said, written, version) {
  if (said.status === 200) {
    kept = besides.hears(said, written);
    sent = [version];
    pause = SOON;
    if (words() !== kept) return later(SOON);
    settle();
    return say("yes");
  }
  if (over) return;
  if (said.form_id) {
    // Another tab has this draft, or has saved it: these words become a draft of their own.
    form.elements.form_id.value = said.form_id;
    sent = [];
    return later(SOON);
  }
  say(said.why ?? { 0: "offline", 403: "sign", 409: "moved" }[said.status] ?? "no");
  if (said.status === 409) return (pause = SOON);
  pause = Math.min(pause * 2, LONGEST);
  later(pause);
}

function changed() {
  if (isKept()) return;
  over = false;
  if (saysKept() || ![...says.children].some((one) => !one.hidden)) say("no", true);
  if (pause === SOON) later(SOON);
}

// Saving waits a moment for a draft under way, so that the draft cannot come after it.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  over = true;
  if (!running) return;
  event.preventDefault();
  const { asked, stop } = running;
  const hurry = setTimeout(() => stop.abort(), 1500);
  asked.then(() => {
    clearTimeout(hurry);
    form.requestSubmit(event.submitter);
  });
});

(form.querySelector("[data-tally]") ?? [...form.querySelectorAll(".acts")].at(-1)).append(says);
form.addEventListener("input", changed);
form.addEventListener("change", changed);
addEventListener("online", () => {
  pause = SOON;
  save();
});
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save(true));
// Asks again whether what was kept still is, and where it was not, whether it can be now.
export function ask() {
  save(false, saysKept());
}

// What the browser has filled in again after going back was never sent from this page.
addEventListener("pageshow", () => {
  over = false;
  changed();
});
