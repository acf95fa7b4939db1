// Asks on a journey whether the mails should come by the clock of the place. What somebody keeps is
// remembered on this device alone, for that one zone.

const note = document.querySelector("form[data-travelling]");
const KEPT = "kept-zone";
const DAY = 864e5;

// What that clock shows at this moment and on each day of the coming year, in one text.
function year(zone) {
  const clock = new Intl.DateTimeFormat("en", { timeZone: zone, day: "numeric", hour: "numeric", minute: "numeric" });
  return Array.from({ length: 366 }, (_, day) => clock.format(Date.now() + day * DAY)).join();
}

// A browser that keeps nothing asks again on the next page.
function kept(change) {
  try {
    if (change === null) localStorage.removeItem(KEPT);
    else if (change) localStorage.setItem(KEPT, change);
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

// Two names with the same clock are one place: an old spelling, or a neighbour.
function differs(device, plan) {
  try {
    return device !== plan && year(device) !== year(plan);
  } catch {
    return false;
  }
}

if (note) {
  const device = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!device || !differs(device, note.dataset.travelling)) kept(null);
  else if (kept() !== device) {
    note.elements.time_zone.value = device;
    note.querySelector("[data-device]").textContent = device.split("/").at(-1).replaceAll("_", " ");
    note.querySelector("[data-keep]").addEventListener("click", () => {
      kept(device);
      note.hidden = true;
      document.getElementById("main").focus();
    });
    note.hidden = false;
  }
}
