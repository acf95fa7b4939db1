// Plays an exercise. One clock drives the orb, the bead, the words, the sound and the count. Words
// and seconds come from the list inside the element, which is the whole exercise without a script.

import { cue, hush, offer, wake } from "./senses.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const SIZES = { in: 1, top_up: 1.07, out: 0.66 }; // of the orb at the end of a phase; others keep it
const LONG = 10_000; // ms; a longer phase counts its seconds only where nothing may move
const ASLEEP = 2_500; // ms between two frames: the device slept, and nobody was practising
const AGAIN = 1_000; // ms into a phase; before that, going back means the phase before it

let active; // the player that was started last: keys go to it, and a second one pauses it

class GuidedPlayer extends HTMLElement {
  #phases = [];
  #whole = 0; // ms in all
  #held = 0; // ms played up to the last pause
  #since = 0; // when it was started or carried on
  #seen = 0; // when the last frame came
  #index = 0;
  #shown = false; // whether the phase at `#index` has been shown
  #frame = 0;
  #moves = []; // running animations
  #lock;

  connectedCallback() {
    const list = this.querySelector("[data-rounds]");
    const items = [...list.children];
    const rounds = Number(list.dataset.rounds);
    const rest = this.querySelector("[data-kind=rest]");
    const all = [...Array(rounds).fill(items).flat(), ...(rest ? [rest] : [])];
    this.#phases = all.map((item, place) => {
      const start = this.#whole;
      this.#whole += item.dataset.seconds * 1000;
      const n = rounds > 1 ? Math.floor(place / items.length) + 1 : place + 1;
      return {
        item,
        start,
        end: this.#whole,
        kind: item.dataset.kind,
        word: item.querySelector("b").textContent,
        text: item.querySelector("b ~ span")?.textContent ?? "",
        asks: "ask" in item.dataset,
        count: item === rest ? "" : this.#count(n, rounds > 1 ? rounds : items.length),
      };
    });
    this.#part("go").addEventListener("click", () => this.toggle());
    this.#part("stop").addEventListener("click", () => this.stop());
    this.#part("next").addEventListener("click", () => this.#step(1));
    this.#part("again")?.addEventListener("click", () => this.#play());
    offer(this.#part("senses"));
  }

  disconnectedCallback() {
    this.#rest();
  }

  toggle() {
    if (this.dataset.state === "playing") this.pause();
    else this.#play();
  }

  pause(at = performance.now(), why = "") {
    if (this.dataset.state !== "playing") return;
    this.#held += at - this.#since;
    this.#freeze("paused");
    this.#part("go").textContent = this.#part("go").dataset.on;
    this.#say(why);
    if (why) this.#put("cue", why);
  }

  // Out of an exercise with a frame the way leads through its return.
  stop() {
    const back = this.#phases.findIndex((phase) => phase.kind === "back");
    if (this.#index < back) return this.#go(back);
    if (this.dataset.state === "playing") this.pause();
    this.#end(this.#held < this.#whole / 2 ? "stopped" : "enough");
  }

  #play() {
    if (this.dataset.state !== "paused") {
      this.#held = 0;
      this.#index = 0;
      delete this.dataset.ended;
    }
    const first = !this.dataset.state || this.dataset.state === "done";
    if (active !== this) active?.pause();
    active = this;
    wake();
    document.addEventListener("keydown", this.#key);
    this.#run();
    this.#part("go").focus({ preventScroll: true });
    if (first) this.querySelector(".stage").scrollIntoView({ block: "center" });
  }

  // Lets the clock run from what is held.
  #run() {
    this.#rest();
    this.dataset.state = "playing";
    this.#shown = false;
    this.#since = this.#seen = performance.now();
    this.#move();
    this.#part("go").textContent = this.#part("go").dataset.pause;
    document.addEventListener("visibilitychange", this.#away);
    this.#stayAwake();
    this.#tick();
  }

  // A step on or back; a breath is one step with all its parts.
  #step(by) {
    const phase = this.#phases[this.#index];
    const late = this.dataset.state === "playing" && this.#held + performance.now() - this.#since - phase.start > AGAIN;
    this.#go(this.#index + (by < 0 && late ? 0 : by));
  }

  #go(index) {
    this.#index = Math.max(0, index);
    if (this.#index >= this.#phases.length) {
      this.#held = this.#whole;
      return this.#end("finished");
    }
    this.#held = this.#phases[this.#index].start;
    this.#run();
  }

  // Stops the clock, and everything that it drives, where they are.
  #freeze(state) {
    this.#rest();
    this.dataset.state = state;
    for (const move of this.#moves) {
      move.pause();
      move.currentTime = this.#held;
    }
  }

  // Timers, listeners, sound and the screen lock of a running exercise. Keys still work afterwards.
  #rest() {
    cancelAnimationFrame(this.#frame);
    document.removeEventListener("visibilitychange", this.#away);
    hush();
    this.#lock?.release();
    this.#lock = undefined;
  }

  #end(how) {
    this.#rest();
    document.removeEventListener("keydown", this.#key);
    for (const move of this.#moves) move.cancel();
    this.#moves = [];
    this.dataset.state = "done";
    this.dataset.ended = how;
    this.#mark();
    const form = this.closest("form");
    if (form) {
      form.elements.seconds.value = Math.round(this.#held / 1000);
      this.#part("save").value = how;
      // The script knows how it ended, and Enter in the ratings must mean Save.
      for (const name of ["before", "early"]) this.#part(name)?.remove();
    }
    const said = this.querySelector(`[data-when~=${how}]`);
    said.tabIndex = -1;
    said.focus();
  }

  #tick = () => {
    const now = performance.now();
    if (now - this.#seen > ASLEEP) return this.#away(null, this.#seen);
    this.#seen = now;
    const at = this.#held + now - this.#since;
    while (at >= this.#phases[this.#index].end) {
      const phase = this.#phases[this.#index];
      // What has no time of its own, or asks something, waits for whoever does it.
      if (phase.asks || phase.start === phase.end) return this.#wait(phase);
      if (this.#index + 1 === this.#phases.length) {
        this.#held = this.#whole;
        return this.#end("finished");
      }
      this.#index += 1;
      this.#shown = false;
    }
    this.#show(at);
    this.#frame = requestAnimationFrame(this.#tick);
  };

  #wait(phase) {
    this.#show(phase.end);
    this.#held = phase.end;
    this.#freeze("waiting");
    this.#put("tick", "");
    if (!this.contains(document.activeElement) || document.activeElement === this.#part("go")) this.#part("next").focus({ preventScroll: true });
  }

  #show(at) {
    const phase = this.#phases[this.#index];
    if (!this.#shown) {
      this.#shown = true;
      this.#mark(phase);
      this.#put("word", phase.word);
      this.#put("cue", phase.text);
      this.#put("count", phase.count);
      cue(phase.kind, (phase.end - phase.start) / 1000, `${phase.word}. ${phase.text}`);
      if (this.#part("speak").checked) this.#say(`${phase.word}. ${phase.text}`);
    }
    const second = Math.floor((at - phase.start) / 1000) + 1;
    const long = phase.end - phase.start > LONG;
    const told = long ? `${second} / ${(phase.end - phase.start) / 1000}` : second;
    this.#put("tick", phase.kind === "rest" || (long && !still.matches && !phase.asks) ? "" : told);
    const { short, enough, back } = this.#part("stop").dataset;
    const framed = this.#index < this.#phases.findIndex((one) => one.kind === "back");
    this.#put("stop", framed ? back : at < this.#whole / 2 ? short : enough);
  }

  // The step in hand, so that its question stands right below its words.
  #mark(phase) {
    const asked = this.hasAttribute("data-asks");
    this.querySelector(".now")?.classList.remove("now");
    phase?.item.classList.add("now");
    if (this.toggleAttribute("data-asks", Boolean(phase?.asks))) this.#part("word").scrollIntoView();
    else if (asked && phase) this.querySelector(".stage").scrollIntoView({ block: "center" });
  }

  // The animations read the same clock: they start where the exercise stands now.
  #move() {
    if (still.matches) this.#moves.splice(0).forEach((move) => move.cancel());
    else if (!this.#moves.length) this.#moves = this.#animations();
    for (const move of this.#moves) {
      move.play();
      move.startTime = this.#since - this.#held;
    }
  }

  #animations() {
    const bar = [{ transform: "scaleX(0)" }, { transform: "scaleX(1)" }];
    const breath = this.#phases[0].kind === "in";
    let [size, turn] = [SIZES.out, 0];
    const frames = [{ transform: breath ? `scale(${size})` : "none", easing: "ease-in-out" }];
    for (const { kind, start, end } of this.#phases) {
      if (start === end) continue;
      size = SIZES[kind] ?? size;
      // A short step is half a turn: up one side, down the other, like a finger that is traced.
      turn += end - start > LONG ? 1 : 0.5;
      const transform = breath ? `scale(${size})` : `rotate(${turn}turn)`;
      frames.push({ transform, offset: end / this.#whole, easing: breath ? "ease-in-out" : "linear" });
    }
    if (!breath) frames[0] = { transform: "rotate(0turn)" };
    const timing = { duration: this.#whole, fill: "both" };
    return [
      this.#part(breath ? "orb" : "bead").animate(frames, timing),
      this.#part("bar").animate(bar, timing),
    ];
  }

  #away = (event, at) => {
    if (event && !document.hidden) return;
    this.pause(at, this.#part("cue").dataset.away);
  };

  #key = (event) => {
    if (active !== this || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key, target } = event;
    const writing = target.closest("input, select, textarea");
    if (key === "Escape") return this.stop();
    if (key === "Enter" && writing && !target.closest("textarea")) {
      // Enter in a step means the next step; the form is sent at the end.
      event.preventDefault();
      return this.#step(1);
    }
    if (writing || !["playing", "paused", "waiting"].includes(this.dataset.state)) return;
    if (key === "ArrowRight") this.#step(1);
    else if (key === "ArrowLeft") this.#step(-1);
    else if (key === " " && !target.closest("a, button, summary")) {
      if (this.dataset.state === "waiting") this.#step(1);
      else this.toggle();
    } else return;
    event.preventDefault();
  };

  async #stayAwake() {
    const lock = await navigator.wakeLock?.request("screen").catch(() => {});
    if (this.dataset.state === "playing") this.#lock = lock;
    else lock?.release();
  }

  #count(n, of) {
    return this.#part("count").dataset.count.replace("{n}", n).replace("{of}", of);
  }

  #say(text) {
    this.#put("live", text);
  }

  #put(name, text) {
    const part = this.#part(name);
    if (part.textContent !== String(text)) part.textContent = text;
  }

  #part(name) {
    return this.querySelector(`[data-${name}]`);
  }
}

customElements.define("guided-player", GuidedPlayer);
