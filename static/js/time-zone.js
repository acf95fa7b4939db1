// Proposes the device's time zone where none was chosen yet: an empty field, or UTC.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const field of document.querySelectorAll("[name=time_zone][data-guess]")) {
  const open = !field.value || field.value === "UTC";
  const known = field.type === "hidden" || [...field.options ?? []].some((one) => one.value === zone);
  if (zone && open && known) field.value = zone;
}
