// What a form does in a browser that runs scripts. Every page works without; see docs/decisions/0032 and 0033.
(() => {
"use strict";

const said = document.getElementById("sending");
const held = document.querySelector("[data-challenge]");
const MOST_TRIES = 8;

let form = document.querySelector("form");  // the one that was sent last: a page can have several
let pressed = null;   // the button that was pressed last
let going = false;    // whether it is being sent, or waits to be
let passing = false;  // whether the browser is to send it by itself
let hurry = () => {};

// Ask for what the form asks for. `html` is empty where nothing of ours has answered: our pages have a policy.
const ask = async (to) => {
  try {
    const body = new URLSearchParams(new FormData(form, pressed));
    const answer = await fetch(to, { method: "POST", body });
    const ours = answer.status < 500 && answer.headers.has("content-security-policy");
    return { status: answer.status, html: ours ? await answer.text() : "" };
  } catch {
    return { status: 0, html: "" };
  }
};

// Put a page in this one's place, and begin to read it where a browser would, or at its heading.
const show = (html) => {
  document.open();
  document.write(html);
  document.close();
  const first = document.querySelector("[autofocus]") || document.querySelector("h1");
  first.tabIndex = -1;
  first.focus();
};

const say = (text) => {
  said.textContent = text;
  said.scrollIntoView({ block: "nearest" });
};

// Until something of ours answers. What was typed is on the page all the while, and what is sent has one key.
const send = async () => {
  for (let tries = 1; ; tries++) {
    const to = pressed?.getAttribute("formaction") || form.getAttribute("action");
    const isLast = ![form, pressed].some((one) => one?.matches("[data-checks]"));
    const { status, html } = await ask(to);
    if (html && (isLast || tries > 1)) return show(html);
    if (html) {
      // Checking answers changes nothing. Sent by the browser itself, the way back leads to the form.
      passing = true;
      return form.requestSubmit(pressed);
    }
    const what = isLast && status !== 429 ? said.dataset.unsure : said.dataset.notSent;
    if (tries === MOST_TRIES) return say(`${what} ${said.dataset.stopped}`);
    const seconds = Math.ceil(Math.min(60, 2 ** tries) * (0.75 + Math.random() / 2));
    say(`${what} ${said.dataset.again.replace("{seconds}", seconds)}`);
    await new Promise((done) => { hurry = done; setTimeout(done, seconds * 1000); });
  }
};

document.addEventListener("submit", (event) => {
  if (passing) return;
  event.preventDefault();
  form = event.target;
  pressed = event.submitter;
  if (!form.contains(said)) pressed.before(said);
  hurry();
  if (going) return;
  going = true;
  send().finally(() => { going = false; });
});
addEventListener("pageshow", () => { passing = false; });

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
  document.querySelector("[name=_proof]").value = btoa(JSON.stringify({ challenge, solution }));
  form.requestSubmit();
};

// A page that is not encrypted has nothing to work it out with.
if (held && window.crypto && crypto.subtle) {
  const otherwise = held.textContent;
  prove().catch(() => { held.textContent = otherwise; });
}
})();
