// Words typed while the editing screen saves are saved too.
//
// When a save has ended, Wagtail takes the form as it stands for the form it sent, and in its first
// seconds it takes it for the form it loaded. Words typed meanwhile were neither saved nor shown in
// the preview, and nothing warned before the page was left. Both moments tell it here: they change.
//
// A screen that is being sent saves nothing beside: what had been typed before the date of a schedule
// was then saved after the date, and without it.
//
// Nor is anything saved while Wagtail asks who else has the text open. Where the save came first to the
// server, the answer named it as a newer version, and the next press on a button was stopped to ask
// whether to write over somebody else's words.

const ITS_OWN = ["csrfmiddlewaretoken", "overwrite_revision_id", "loaded_revision_id", "loaded_revision_created_at", "next"];
const SENDING_MS = 30000; // as long as Wagtail's buttons say that they are at it
const form = document.querySelector("form[data-edit-form]");
const others = document.querySelector("form[data-controller~=w-session]");

function words(data, without) {
  const kept = [...data].filter(([name]) => !without.includes(name));
  return JSON.stringify(kept.map(([name, value]) => [name, value instanceof File ? value.name : value]));
}

function changed() {
  form.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true, cancelable: true, detail: { type: "edits" } }));
}

if (form) {
  let sent = null;
  let early = false;
  const typed = () => (early = true);
  form.addEventListener("input", typed);
  form.addEventListener("w-unsaved:watch-edits", () => {
    form.removeEventListener("input", typed);
    if (early) changed();
    early = false;
  });
  let sending = 0;
  form.addEventListener("submit", () => (sending = setTimeout(() => (sending = 0), SENDING_MS)));
  addEventListener("pageshow", () => (sending = 0));
  let asking = others?.dataset.wSwapLoadingValue === "true";
  let waiting = false;
  const answered = () => {
    asking = false;
    if (waiting) changed();
  };
  others?.addEventListener("w-swap:begin", () => (asking = true));
  others?.addEventListener("w-swap:json", answered);
  others?.addEventListener("w-swap:error", answered);
  form.addEventListener("w-autosave:save", (event) => {
    waiting = asking;
    if (sending || waiting) event.preventDefault();
    else sent = event.detail.formData;
  });
  form.addEventListener("w-autosave:success", (event) => {
    const without = [...ITS_OWN, ...Object.keys(event.detail.data?.field_updates ?? {})];
    if (words(new FormData(form), without) !== words(sent, without)) changed();
  });
}
