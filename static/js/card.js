// A person's safety card on this device: a copy is made when they press the button and never else.
// A copy that is there follows the card, and goes with it. Also the Print button, and the link to
// the copy on the page that stands for a missing connection.

const OWN = "own-card";
const device = document.querySelector("[data-copy]");
const link = document.querySelector("[data-own-card]");
const paper = document.querySelector("[data-print]");

const copy = (address) => globalThis.caches?.match(address, { cacheName: OWN, ignoreVary: true });

// What the server has now, or undefined if there is no knowing: offline, or signed out.
const ask = (address) => fetch(address, { cache: "no-store", redirect: "error" }).catch(() => undefined);

async function keep(address) {
  const answer = await ask(address);
  if (answer?.ok) await (await caches.open(OWN)).put(address, answer);
  return Boolean(answer?.ok);
}

// The card may have been changed or deleted, or the copy may be somebody else's.
async function follow(address, kept) {
  const answer = await ask(address);
  const theirs = kept.headers.get("X-Page-Of") !== document.documentElement.dataset.pageOf;
  if (theirs || answer?.status === 404) await caches.delete(OWN);
  else if (answer?.ok) await (await caches.open(OWN)).put(address, answer);
}

async function show(words = "") {
  const kept = Boolean(await copy(device.dataset.copy));
  device.querySelector("[data-kept]").hidden = !kept;
  device.querySelector("[data-ask]").hidden = kept || !("written" in device.dataset);
  device.querySelector("[data-said]").textContent = words;
  device.hidden = !kept && !("written" in device.dataset);
}

async function offer() {
  await navigator.serviceWorker.ready;
  const address = device.dataset.copy;
  const { none, yes, no } = device.querySelector("[data-said]").dataset;
  const kept = await copy(address);
  if (kept) await follow(address, kept);
  device.querySelector("[data-keep]").addEventListener("click", async () => show((await keep(address)) ? yes : none));
  device.querySelector("[data-remove]").addEventListener("click", async () => {
    await caches.delete(OWN);
    await show(no);
  });
  await show();
}

if (device && isSecureContext && navigator.serviceWorker && globalThis.caches) offer();
if (link) copy(link.href)?.then((kept) => (link.closest("li").hidden = !kept));
if (paper) {
  paper.hidden = false;
  paper.addEventListener("click", () => print());
}
