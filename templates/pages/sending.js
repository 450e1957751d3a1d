// What a form does in a browser that runs scripts. Every page works without; see docs/decisions/0032.
(() => {
"use strict";

const form = document.querySelector("form");
const held = document.querySelector("[data-challenge]");

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16));
const hex = (found) => Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");

// The counter with which PBKDF2 makes a key that begins as the challenge says: ALTCHA's proof of work, version 2.
// The browser works it out beside the page, which stays usable.
const solve = async ({ nonce, salt, cost, keyLength, keyPrefix }) => {
  const start = bytes(nonce), password = new Uint8Array(start.length + 4);
  password.set(start);
  for (let counter = 0; ; counter++) {
    new DataView(password.buffer).setUint32(start.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
    const derivedKey = hex(new Uint8Array(await crypto.subtle.deriveBits(how, key, keyLength * 8)));
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
  }
};

const prove = async () => {
  const challenge = JSON.parse(held.dataset.challenge);
  held.textContent = held.dataset.working;
  const solution = await solve(challenge.parameters);
  form.elements._proof.value = btoa(JSON.stringify({ challenge, solution }));
  form.requestSubmit();
};

// Where the page is not encrypted, or the browser is old, there is nothing to work it out with.
if (held && window.crypto && crypto.subtle) {
  const otherwise = held.textContent;
  prove().catch(() => { held.textContent = otherwise; });
}
})();
