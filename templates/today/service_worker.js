// Keeps the few public pages that must open without a connection, and nothing else.
// No page of a person is ever read from or written to a cache, but for one: the copy of their own
// safety card, which static/js/card.js makes when they ask for it. Here it is read and, when they
// sign out, deleted.

const CACHE = "{{ version|escapejs }}";
const SHELL = JSON.parse("{{ shell|escapejs }}");
const OFFLINE = "/offline/";
const DAY = 86_400_000; // milliseconds
const OWN = "own-card";
const OWN_PAGES = JSON.parse("{{ own_pages|escapejs }}"); // the card, and its copy last
const SIGN_OUT = "{{ sign_out|escapejs }}";
const PATIENCE = 4000; // milliseconds before a weak connection counts as none
const STEADY = "{{ steady|escapejs }}"; // whoever opens this one should not have to wait
const AT_ONCE = 500; // milliseconds

const keep = async () => {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.map((url) => new Request(url, { credentials: "omit", cache: "reload" })));
};

const kept = (path) => caches.match(path, { ignoreVary: true });

const ownCard = (path) => OWN_PAGES.includes(path) && caches.match(OWN_PAGES.at(-1), { cacheName: OWN, ignoreVary: true });

// Help lines change without a new version of the site: what is kept is fetched anew each day.
async function freshen() {
  const answer = await kept(OFFLINE);
  const age = Date.now() - Date.parse(answer?.headers.get("Date"));
  if (!(age < DAY)) await keep();
}

const tidy = async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => ![CACHE, OWN].includes(name)).map((name) => caches.delete(name)));
  await clients.claim();
};

const later = (milliseconds) => new Promise((_, reject) => setTimeout(reject, milliseconds));

async function page(request, path) {
  const spare = SHELL.includes(path) && (await kept(path));
  try {
    return await (spare ? Promise.race([fetch(request), later(path === STEADY ? AT_ONCE : PATIENCE)]) : fetch(request));
  } catch {
    return spare || (await ownCard(path)) || (await kept(OFFLINE)) || Response.error();
  }
}

const file = async (request, path) => (await kept(path)) || fetch(request);

addEventListener("install", (event) => {
  // What a page sends while it is being left would be lost if it had to come through here.
  event.addRoutes?.({ condition: { requestMethod: "POST", requestMode: "cors" }, source: "network" }).catch(() => {});
  event.waitUntil(keep().then(skipWaiting));
});
addEventListener("activate", (event) => event.waitUntil(tidy()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === "POST" && request.mode === "navigate" && url.pathname === SIGN_OUT) {
    event.waitUntil(caches.delete(OWN));
  }
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(page(request, url.pathname));
    event.waitUntil(freshen().catch(() => {}));
  } else if (SHELL.includes(url.pathname)) {
    event.respondWith(file(request, url.pathname));
  }
});
