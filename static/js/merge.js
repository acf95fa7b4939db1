// A form of ticks that several tabs may fill in together: each sends what was changed on it, and takes
// over what was changed on the others.

import { ask, besides, form, kept, words } from "./draft.js";

// What was changed and is not known to be on the server.
const open = new Set();

// The names of what stands in the form otherwise than in `state`; null: nothing is known of any.
function changedSince(state) {
  const [then, now] = [state ?? "", words()].map((one) => new URLSearchParams(one));
  const names = new Set([...form.elements].map((one) => one.name));
  return [...names].filter((name) => state === null || `${then.getAll(name)}` !== `${now.getAll(name)}`);
}

function fill(into, state, except = []) {
  for (const one of into.elements) {
    const said = except.includes(one.name) ? null : state[one.name];
    if (said && one.type === "hidden") one.value = said[0];
    else if (said) one.checked = said.includes(one.value);
  }
}

besides.sends = (data) => {
  changedSince(kept).forEach((name) => open.add(name));
  data.set("changed", [...open].join(" "));
};

// What was changed after sending stays as it is; gives the words of what the server has.
besides.hears = ({ kept: state }, written) => {
  open.clear();
  fill(form, state, changedSince(written));
  form.dispatchEvent(new Event("change"));
  const copy = form.cloneNode(true);
  fill(copy, state);
  return words(copy);
};

// Another tab may have changed, saved or deleted it meanwhile.
addEventListener("focus", ask);
