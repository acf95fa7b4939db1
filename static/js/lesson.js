// Print and, where the device has a voice of its own, listen. Nothing plays by itself.

import { speech, utterance, voice } from "./voice.js";

const tools = document.querySelector("[data-tools]");
const text = document.querySelector("#text");
let parts = [];
let at = 0;
let playing = false;

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn soft";
  made.textContent = words;
  made.addEventListener("click", act);
  tools.append(made);
  tools.hidden = false;
  return made;
}

function show() {
  listen.textContent = playing ? tools.dataset.pause : at ? tools.dataset.on : tools.dataset.listen;
  parts.forEach((part, place) => part.classList.toggle("heard", playing && place === at));
}

function say() {
  if (!playing) return;
  if (at >= parts.length) {
    at = 0;
    playing = false;
    return show();
  }
  const words = utterance(parts[at].textContent.replace(/\[B\d+\]/g, ""));
  words.onend = () => {
    if (!playing) return;
    at += 1;
    say();
  };
  show();
  speech.speak(words);
}

function toggle() {
  playing = !playing;
  speech.cancel();
  if (playing) say();
  else show();
}

function hush() {
  playing = false;
  speech?.cancel();
  if (listen) show();
}

let listen = null;
function offer() {
  if (listen || !text || !voice()) return;
  parts = [...text.querySelectorAll("h2, h3, p, li")].filter((one) => !one.closest(".ask, .step") && !one.querySelector("p"));
  listen = button(tools.dataset.listen, toggle);
  tools.prepend(listen);
}

if (tools) {
  button(tools.dataset.print, () => print());
  offer();
  speech?.addEventListener?.("voiceschanged", offer);
  addEventListener("pagehide", hush);
  // The next site may take its time, and a voice would go on meanwhile.
  document.querySelector("[data-exit]")?.addEventListener("click", hush);
}
