// A voice on the device itself. One in the network would tell somebody else what is read here.

const language = document.documentElement.lang.slice(0, 2).toLowerCase();

export const speech = globalThis.speechSynthesis;

export function voice() {
  return speech?.getVoices().find((one) => one.localService && one.lang.toLowerCase().startsWith(language));
}

export function utterance(text) {
  const words = new SpeechSynthesisUtterance(text);
  words.voice = voice();
  words.lang = words.voice.lang;
  words.rate = 0.92;
  return words;
}
