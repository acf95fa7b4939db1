// Plays an exercise. One clock drives the orb, the bead, the words and the count. Words and seconds
// come from the list inside the element, which is the whole exercise where no script runs.

const still = matchMedia("(prefers-reduced-motion: reduce)");
const SIZES = { in: 1, top_up: 1.07, out: 0.66 }; // of the orb at the end of a phase; others keep it
const LONG = 10_000; // ms; a longer phase counts its seconds only where nothing may move
const ASLEEP = 2_500; // ms between two frames: the device slept, and nobody was practising

let active; // the player that was started last: keys go to it, and a second one pauses it

class GuidedPlayer extends HTMLElement {
  #phases = [];
  #whole = 0; // ms in all
  #held = 0; // ms played up to the last pause
  #since = 0; // when it was started or carried on
  #seen = 0; // when the last frame came
  #index = -1;
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
        start,
        end: this.#whole,
        kind: item.dataset.kind,
        word: item.querySelector("b").textContent,
        text: item.querySelector("span")?.textContent ?? "",
        count: item === rest ? "" : this.#count(n, rounds > 1 ? rounds : items.length),
      };
    });
    this.#part("go").addEventListener("click", () => this.toggle());
    this.#part("stop").addEventListener("click", () => this.stop());
    this.#part("again").addEventListener("click", () => this.toggle());
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
    this.#rest();
    this.dataset.state = "paused";
    for (const move of this.#moves) {
      move.pause();
      move.currentTime = this.#held;
    }
    this.#part("go").textContent = this.#part("go").dataset.on;
    this.#say(why);
    if (why) this.#put("cue", why);
  }

  stop() {
    if (this.dataset.state === "playing") this.pause();
    this.#end(this.#held < this.#whole / 2 ? "stopped" : "enough");
  }

  #play() {
    if (this.dataset.state !== "paused") {
      this.#held = 0;
      delete this.dataset.ended;
    }
    if (active !== this) active?.pause();
    active = this;
    this.dataset.state = "playing";
    this.#index = -1;
    this.#since = this.#seen = performance.now();
    this.#move();
    this.#part("go").textContent = this.#part("go").dataset.pause;
    document.addEventListener("visibilitychange", this.#away);
    document.addEventListener("keydown", this.#key);
    this.#stayAwake();
    this.#tick();
    this.#part("go").focus({ preventScroll: true });
    if (!this.#held) this.querySelector(".stage").scrollIntoView({ block: "center" });
  }

  // Timers, listeners and the screen lock of a running exercise. Keys still work while it is paused.
  #rest() {
    cancelAnimationFrame(this.#frame);
    document.removeEventListener("visibilitychange", this.#away);
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
    if (at < this.#whole) {
      this.#show(at);
      this.#frame = requestAnimationFrame(this.#tick);
    } else {
      this.#held = this.#whole;
      this.#end("finished");
    }
  };

  #show(at) {
    const index = this.#phases.findIndex((phase) => at < phase.end);
    const phase = this.#phases[index];
    if (index !== this.#index) {
      this.#index = index;
      this.#put("word", phase.word);
      this.#put("cue", phase.text);
      this.#put("count", phase.count);
      if (this.#part("speak").checked) this.#say(`${phase.word}. ${phase.text}`);
    }
    const second = Math.floor((at - phase.start) / 1000) + 1;
    const long = phase.end - phase.start > LONG;
    const told = long ? `${second} / ${(phase.end - phase.start) / 1000}` : second;
    this.#put("tick", phase.kind === "rest" || (long && !still.matches) ? "" : told);
    const stop = this.#part("stop");
    this.#put("stop", at < this.#whole / 2 ? stop.dataset.short : stop.dataset.enough);
  }

  // The animations read the same clock: they start where the exercise stands now.
  #move() {
    if (still.matches) this.#moves.splice(0).forEach((move) => move.cancel());
    else if (!this.#moves.length) this.#moves = this.#animations();
    for (const move of this.#moves) move.startTime = this.#since - this.#held;
  }

  #animations() {
    const bar = [{ transform: "scaleX(0)" }, { transform: "scaleX(1)" }];
    const breath = this.#phases[0].kind === "in";
    let [size, turn] = [SIZES.out, 0];
    const frames = [{ transform: breath ? `scale(${size})` : "none", easing: "ease-in-out" }];
    for (const { kind, start, end } of this.#phases) {
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
    if (active !== this || event.repeat) return;
    if (event.key === "Escape") this.stop();
    else if (event.key === " " && !event.target.closest("a, button, input, select, textarea, summary")) {
      event.preventDefault();
      this.toggle();
    }
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
