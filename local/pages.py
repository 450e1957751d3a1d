"""The local pages, as plain HTML: no scripts, and the JSON of each page is one suffix away."""

from __future__ import annotations

import re
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from local.clockwork import LONDON, instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from adapters.clock import Pace
    from local.clockwork import Move
    from local.indexes import Due, OpenCase
    from local.mail import Mail

MOST_MAILS: Final = 100
"""How many mails the outbox shows at most; its JSON has all."""

STYLE: Final = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem; color: #1b1b1b;
  background: #fff; }
nav a { margin-right: 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin: 0; }
a { color: #0b4f8a; } a:focus, button:focus, input:focus { outline: 3px solid #b35900; outline-offset: 2px; }
article { border: 1px solid #767676; border-radius: 4px; padding: 1rem; margin: 1rem 0; }
.bodies { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f4f4; padding: 0.75rem; margin: 0;
  font-size: 0.9rem; }
iframe { width: 100%; height: 24rem; border: 1px solid #767676; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; font-weight: bold; }
th, td { text-align: left; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #c0c0c0; }
button, input { font: inherit; padding: 0.3rem 0.6rem; } form { margin: 0.5rem 0; }
.now { font-size: 1.4rem; } .problem { border-left: 6px solid #a4001d; padding-left: 0.75rem; }
"""

WHAT: Final = {"wake": "a deadline", "outbox": "something to send", "delete": "the end of retention"}
"""What each kind of entry in the index is called on a page."""

_URL: Final = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
_HEAD: Final = re.compile(r"<head[^>]*>", re.IGNORECASE)


def page(title: str, body: str) -> str:
    """Return a whole page."""
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} - local stack</title><style>{STYLE}</style></head><body>"
        '<nav aria-label="Local stack"><a href="/">Application</a><a href="/local/">Local stack</a>'
        '<a href="/local/outbox">Outbox</a><a href="/local/clock">Clock</a>'
        f'<a href="/local/worklist">Worklist</a></nav><main><h1>{escape(title)}</h1>{body}</main></body></html>'
    )


def addresses(organisations: Iterable[str], *, logs: str, emulator: str) -> str:
    """Return the page with all addresses."""
    forms = "".join(f'<li><a href="/{quote(each)}">{escape(each)}</a></li>' for each in organisations)
    return page(
        "Local stack",
        f"<h2>Organisations</h2><ul>{forms}</ul>"
        '<h2>What is happening</h2><ul><li><a href="/local/outbox">Outbox</a>: emails, and who got them '
        '(<a href="/local/outbox.json">JSON</a>)</li><li><a href="/local/clock">Clock</a>: what is due next, and '
        'how to move on to it (<a href="/local/clock.json">JSON</a>)</li><li><a href="/local/worklist">Worklist</a>: '
        'open cases (<a href="/local/worklist.json">JSON</a>)</li></ul>'
        f"<h2>Behind it</h2><ul><li>The AWS emulator: <code>{escape(emulator)}</code></li>"
        f"<li>Logs of the functions: <code>{escape(logs)}</code></li></ul>",
    )


def outbox(mails: Sequence[Mail], *, to: str) -> str:
    """Return the outbox."""
    shown = "".join(_mail(mail) for mail in mails[:MOST_MAILS])
    more = len(mails) - MOST_MAILS
    note = f"<p>The JSON also has {more} older emails.</p>" if more > 0 else ""
    query = f"?to={quote(to)}" if to else ""
    return page(
        "Outbox",
        '<form action="/local/outbox"><label for="to">Only emails to</label> '
        f'<input id="to" name="to" type="email" value="{escape(to)}"> <button>Show</button> '
        f'<a href="/local/outbox">All</a> <a href="/local/outbox.json{query}">JSON</a></form>'
        f"<p>{len(mails)} {'email' if len(mails) == 1 else 'emails'}, newest first.</p>{shown}{note}",
    )


def _mail(mail: Mail) -> str:
    to = ", ".join(f'<a href="/local/outbox?to={quote(each)}">{escape(each)}</a>' for each in mail.to)
    text = f'<section aria-label="Text"><pre>{_linked(mail.text)}</pre></section>' if mail.text else ""
    html = (
        f'<section aria-label="HTML"><iframe title="HTML of {escape(mail.subject)}" loading="lazy" '
        f'src="/local/outbox/{quote(mail.id)}.html" '
        'sandbox="allow-top-navigation-by-user-activation allow-popups"></iframe></section>'
        if mail.html
        else ""
    )
    links = "".join(f'<li><a href="{escape(link)}">{escape(link)}</a></li>' for link in mail.links)
    return (
        f'<article id="{escape(mail.id)}"><h2>{escape(mail.subject)}</h2><p>To {to}<br>'
        f'<time datetime="{escape(mail.at)}">{_when(datetime.fromisoformat(mail.at))}</time></p>'
        + (f"<ul>{links}</ul>" if links else "")
        + f'<div class="bodies">{text}{html}</div></article>'
    )


def mail_body(mail: Mail) -> str:
    """Return a mail's HTML for a frame: its links open in the whole window."""
    base = '<base target="_top">'
    if _HEAD.search(mail.html):
        return _HEAD.sub(lambda head: head[0] + base, mail.html, count=1)
    return base + mail.html


def clock(now: datetime, pace: Pace, due: Sequence[Due], waits: Sequence[datetime]) -> str:
    """Return the page on which the clock is moved."""
    rows = "".join(
        f"<tr><td>{_when(each.at)}</td><td>{escape(each.ref)}</td><td>{escape(each.stage)}</td>"
        f"<td>{escape(each.org)}</td><td>{escape(WHAT[each.kind])}</td></tr>"
        for each in due[:50]
    )
    table = (
        "<table><caption>Due next</caption><thead><tr><th scope=col>When</th><th scope=col>Case</th>"
        "<th scope=col>Stage</th><th scope=col>Organisation</th><th scope=col>What</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        if due
        else "<p>Nothing is due.</p>"
    )
    fast = "as fast as real time" if pace.speed == 1 else f"{pace.speed:,.10g} times as fast as real time"
    buttons = "".join(
        f'<button name="by" value="{by}">{by}</button> ' for by in ("1 hour", "1 day", "1 week", "30 days")
    )
    return page(
        "Clock",
        f'<p class="now"><time datetime="{instant(now)}">{_when(now)}</time></p><p>It runs {fast}.</p>'
        '<form method="post" action="/local/clock/advance"><button name="to" value="next">'
        f"Move to what is due next</button> {buttons}</form>"
        '<form method="post" action="/local/clock/advance"><label for="by">Move on by</label> '
        '<input id="by" name="by" placeholder="3 days"> <button>Move on</button></form>'
        '<form method="post" action="/local/clock/advance"><label for="until">Move on to (London time)</label> '
        '<input id="until" name="to" type="datetime-local"> <button>Move on</button></form>'
        f"{table}<p>Step Functions executions that are waiting: {len(waits)}. "
        '<a href="/local/clock.json">JSON</a></p>',
    )


def moved(move: Move, now: datetime) -> str:
    """Return the page that tells what moving the clock did."""
    problems = "".join(f'<p class="problem">{escape(problem)}</p>' for problem in move.problems)
    fired = "".join(
        f"<li>{_when(due.at)}: {escape(due.ref)} {escape(due.stage)} ({escape(WHAT[due.kind])})</li>"
        for due in move.fired
    )
    return page(
        "The clock has moved",
        f'<p class="now">{_when(now)}</p>{problems}<h2>What became due on the way</h2>'
        + (f"<ol>{fired}</ol>" if fired else "<p>Nothing.</p>")
        + '<p><a href="/local/clock">Go back to the clock</a> <a href="/local/outbox">Go to the outbox</a></p>',
    )


def worklist(cases: Sequence[OpenCase]) -> str:
    """Return the open cases of all organisations."""
    rows = "".join(
        f"<tr><td>{escape(case.ref)}</td><td>{escape(case.org)}</td><td>{escape(case.stage)}</td>"
        f"<td>{_text_when(case.next_due)}</td><td>{'yes' if case.breached else 'no'}</td></tr>"
        for case in cases
    )
    return page(
        "Worklist",
        f"<table><caption>{len(cases)} open cases, by what is due next</caption><thead><tr>"
        "<th scope=col>Reference</th><th scope=col>Organisation</th><th scope=col>Stage</th>"
        f"<th scope=col>Next due</th><th scope=col>Date missed</th></tr></thead><tbody>{rows}</tbody></table>"
        '<p><a href="/local/worklist.json">JSON</a></p>',
    )


def problem(title: str, sentence: str) -> str:
    """Return a page that says what went wrong."""
    return page(title, f'<p class="problem">{escape(sentence)}</p>')


def _when(at: datetime) -> str:
    return at.astimezone(LONDON).strftime("%a %-d %b %Y, %H:%M:%S %Z")


def _text_when(text: str) -> str:
    try:
        return _when(datetime.fromisoformat(text))
    except ValueError:
        return escape(text)


def _linked(text: str) -> str:
    parts, end = [], 0
    for found in _URL.finditer(text):
        address = escape(found[0])
        parts += [escape(text[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*parts, escape(text[end:])])
