// Tones, vibration and spoken steps for whoever closes their eyes. All off until chosen; what was
// chosen is remembered on this device, and says nothing about anybody.

import { speech, utterance, voice } from "./voice.js";

const KEPT = "senses";
const can = {
  tones: () => Boolean(globalThis.AudioContext),
  buzz: () => Boolean(navigator.vibrate) && navigator.maxTouchPoints > 0,
  voice: () => Boolean(voice()),
};
const GLIDES = { in: [196, 262], top_up: [262, 294], out: [262, 165] }; // Hz, over the phase
const BELL = 330; // Hz, at the start of a step
const SOFT = 0.06; // loudness, of 1
const BUZZ = { in: 200, out: [200, 120, 200] }; // ms: once for in, twice for out

let chosen = new Set(read());
let context;
let playing = [];

function read() {
  try {
    return (localStorage.getItem(KEPT) ?? "").split(" ");
  } catch {
    return [];
  }
}

function choose(name, on) {
  if (on) chosen.add(name);
  else chosen.delete(name);
  try {
    localStorage.setItem(KEPT, [...chosen].join(" ").trim());
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

// The boxes in `place`, for what this device can do; its words stand in the place's data.
export function offer(place) {
  if (!place) return;
  const names = Object.keys(can).filter((name) => can[name]());
  if (!names.length) return;
  const boxes = names.map((name) => {
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: chosen.has(name) });
    box.addEventListener("change", () => choose(name, box.checked));
    const label = document.createElement("label");
    const words = document.createElement("span");
    words.textContent = place.dataset[name];
    label.className = "tick";
    label.append(box, words);
    return label;
  });
  const title = document.createElement("summary");
  title.textContent = place.dataset.title;
  const fold = document.createElement("details");
  fold.append(title, ...boxes);
  place.replaceChildren(fold);
}

// A browser lets a page sound only after somebody pressed something.
export function wake() {
  if (chosen.has("tones")) context ??= new AudioContext();
  context?.resume();
}

export function cue(kind, seconds, words) {
  hush();
  if (chosen.has("tones") && context) tone(kind, seconds);
  if (chosen.has("buzz") && can.buzz()) navigator.vibrate(BUZZ[kind] ?? (kind === "step" || kind === "back" ? 120 : 0));
  if (chosen.has("voice") && voice()) speech.speak(utterance(words));
}

export function hush() {
  for (const one of playing.splice(0)) one.stop();
  if (chosen.has("voice")) speech?.cancel();
  if (chosen.has("buzz")) navigator.vibrate?.(0);
}

function tone(kind, seconds) {
  const [from, to] = GLIDES[kind] ?? (kind === "step" || kind === "back" ? [BELL, BELL] : []);
  if (!from) return;
  const now = context.currentTime;
  const length = GLIDES[kind] ? seconds : 0.6;
  const sound = context.createOscillator();
  const loud = context.createGain();
  sound.frequency.setValueAtTime(from, now);
  sound.frequency.linearRampToValueAtTime(to, now + length);
  loud.gain.setValueAtTime(0, now);
  loud.gain.linearRampToValueAtTime(SOFT, now + Math.min(0.4, length / 3));
  loud.gain.linearRampToValueAtTime(0, now + length);
  sound.connect(loud).connect(context.destination);
  sound.start(now);
  sound.stop(now + length);
  playing = [sound];
}
