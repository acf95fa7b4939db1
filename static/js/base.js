// What every page does: leave quickly, lead to an error, keep words safe on their way.

const root = document.documentElement;
let busy = new WeakSet();
let leaving = false;

// Exit: nothing to see at once, and no way back to this page.
function exit(event, link) {
  event.preventDefault();
  leaving = true;
  root.hidden = true;
  document.title = "";
  location.replace(link.href);
}

// A link in the error summary puts the cursor into the named answer.
function leadTo(event, link) {
  const named = document.getElementById(link.hash.slice(1));
  const answer = named?.matches("fieldset") ? named.querySelector("input, select, textarea") : named;
  if (!answer) return;
  event.preventDefault();
  for (let fold = answer.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
  answer.focus({ preventScroll: true });
  answer.closest("fieldset, .field")?.scrollIntoView();
}

function differs(field) {
  if (field.options) return !([...field.options].find((one) => one.defaultSelected) ?? field.options[0])?.selected;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return field.type !== "hidden" && field.value !== (field.defaultValue ?? field.value);
}

// Text that came back refused or refilled is as unsaved as text just typed.
function holdsUnsaved(form) {
  const { guard } = form.dataset;
  const isRefused = guard !== "kept" && document.querySelector("[data-summary]");
  return guard === "changed" || isRefused || [...form.elements].some(differs);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link?.matches("[data-exit]")) exit(event, link);
  else if (link?.closest("[data-summary]")) leadTo(event, link);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  // Each button of a form does something else: only the same one twice is a double click.
  const sent = event.submitter ?? form;
  if (busy.has(sent)) return event.preventDefault();
  busy.add(sent);
  // The copy of a card that static/js/card.js keeps; the service worker may not be here yet.
  if ("signOut" in form.dataset) globalThis.caches?.delete("own-card");
  // A download or a stopped request stays on this page: the form works again after a while.
  setTimeout(() => busy.delete(sent), 5000);
  leaving = true;
  setTimeout(() => (leaving = false), 5000);
  // The token of this moment: another tab may have signed in again since the page was opened.
  const token = form.elements.csrfmiddlewaretoken;
  const prefix = `${root.dataset.csrf}=`;
  const cookie = document.cookie.split("; ").find((one) => one.startsWith(prefix));
  if (token && cookie) token.value = cookie.slice(prefix.length);
  // And whose page this is: that tab may have signed in somebody else.
  if (token && root.dataset.pageOf && !form.elements.page_of) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "page_of", value: root.dataset.pageOf }));
  }
});

addEventListener("pageshow", (event) => {
  leaving = false;
  if (event.persisted) busy = new WeakSet();
});

addEventListener("beforeunload", (event) => {
  if (!leaving && [...document.querySelectorAll("form[data-guard]")].some(holdsUnsaved)) event.preventDefault();
});

document.querySelector("[data-summary]")?.focus();

if (isSecureContext && navigator.serviceWorker) {
  const policy = globalThis.trustedTypes?.createPolicy("sw", {
    createScriptURL(url) {
      if (url !== "/sw.js") throw new TypeError("Only /sw.js may be registered.");
      return url;
    },
  });
  navigator.serviceWorker.register(policy ? policy.createScriptURL("/sw.js") : "/sw.js").catch(() => {});
}
