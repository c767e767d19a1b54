// Makes the console's pages live. Without it they work all the same: links, forms, and a reload.
'use strict';
(() => {
  const body = document.body;
  const skew = body.dataset.now ? Date.parse(body.dataset.now) - Date.now() : 0;
  const now = () => Date.now() + skew;
  const state = document.getElementById('link-state');
  const byItself = { 'X-Perennial-Console': 'live' };

  // The same words as the server's.
  const two = (large, unit, small, part) =>
    large + ' ' + unit + (small === 0 || (large >= 10 && part === 'h') ? '' : ' ' + small + ' ' + part);
  const span = (milliseconds) => {
    const seconds = Math.floor(Math.abs(milliseconds) / 1000);
    if (seconds < 60) return seconds + ' s';
    if (seconds < 3600) return two(Math.floor(seconds / 60), 'min', seconds % 60, 's');
    if (seconds < 86400) return two(Math.floor(seconds / 3600), 'h', Math.floor((seconds % 3600) / 60), 'min');
    return two(Math.floor(seconds / 86400), 'd', Math.floor((seconds % 86400) / 3600), 'h');
  };
  const relative = (at) => {
    const left = at - now();
    if (Math.abs(left) < 1000) return 'now';
    return left < 0 ? span(left) + ' ago' : 'in ' + span(left);
  };
  const tick = () => {
    for (const time of document.querySelectorAll('time[data-relative]')) {
      const text = time.dateTime ? relative(Date.parse(time.dateTime)) : '';
      if (time.textContent !== text) time.textContent = text;
    }
  };
  setInterval(tick, 1000);

  const say = (text) => { if (state && state.textContent !== text) state.textContent = text; };

  // Asks for a page and hands over its document: a parser that takes no text from us.
  const load = (address, done) => {
    const request = new XMLHttpRequest();
    request.open('GET', address);
    request.responseType = 'document';
    for (const name in byItself) request.setRequestHeader(name, byItself[name]);
    request.timeout = 20000;
    request.onloadend = () => {
      if (request.status === 401) { location.reload(); return; }
      if (request.status === 200 && request.response) {
        say('');
        done(request.response);
      } else {
        say('This page is not up to date: no answer. It tries again.');
        done(null);
      }
    };
    request.send();
  };

  const busy = (element) => element.contains(document.activeElement) && document.activeElement !== element;
  const opened = (element) => [...element.querySelectorAll('details')].map((details) => details.open);
  const replace = (fresh) => {
    for (const old of document.querySelectorAll('[data-live]')) {
      const next = fresh.getElementById(old.id);
      if (!next) continue;
      const focus = busy(old) ? document.activeElement.getAttribute('href') : null;
      const open = opened(old);
      old.replaceWith(document.adoptNode(next));
      [...next.querySelectorAll('details')].forEach((details, i) => { details.open = !!open[i]; });
      if (focus) {
        const again = [...next.querySelectorAll('a')].find((link) => link.getAttribute('href') === focus);
        if (again) again.focus({ preventScroll: true });
      }
    }
    tick();
  };

  let loading = false;
  const renew = () => {
    if (loading || document.hidden || getSelection().toString()) return;
    loading = true;
    load(location.href, (fresh) => { loading = false; if (fresh) replace(fresh); });
  };
  if (body.dataset.every) {
    setInterval(renew, Number(body.dataset.every) * 1000);
    document.addEventListener('visibilitychange', renew);
  }

  // Changes as they come.
  const feed = document.getElementById('feed');
  const template = document.getElementById('feed-row');
  const pause = document.querySelector('[data-pause]');
  const tell = document.querySelector('[data-tell]');
  let waiting = [];
  const paused = () => pause && pause.getAttribute('aria-pressed') === 'true';

  const row = (change) => {
    const tr = document.importNode(template.content, true).querySelector('tr');
    const cells = tr.cells;
    const at = tr.querySelector('[data-at]');
    at.dateTime = change.at;
    at.textContent = relative(Date.parse(change.at));
    const link = tr.querySelector('a');
    link.href = change.address;
    link.querySelector('.of').textContent = change.integration + '/';
    link.querySelector('[data-id]').textContent = change.connection;
    tr.querySelector('.badge').classList.add(change.tone);
    tr.querySelector('[data-change]').textContent = change.change;
    cells[3].textContent = change.reason;
    const end = tr.querySelector('[data-end]');
    if (change.expires) {
      end.dateTime = change.expires;
      end.textContent = relative(Date.parse(change.expires));
    }
    cells[5].textContent = change.version;
    return tr;
  };
  const show = () => {
    if (!waiting.length || paused()) return;
    const most = Number(feed.closest('[data-feed]').dataset.feed);
    const rows = waiting.slice(-most).reverse().map(row);
    waiting = [];
    feed.prepend(...rows);
    while (feed.rows.length > most) feed.lastElementChild.remove();
    const none = document.querySelector('[data-none]');
    if (none) none.remove();
  };
  const told = (change) => {
    const line = tell && tell.querySelector('[data-told]');
    if (!line) return;
    line.hidden = false;
    line.textContent = 'Version ' + change.version + ': ' + change.change
      + (change.reason ? ', ' + change.reason : '') + '.';
  };

  let soon = 0;
  const changed = (change) => {
    if (feed) {
      waiting.push(change);
      if (waiting.length > 1000) waiting.shift();
      if (paused()) pause.textContent = 'Go on (' + waiting.length + ')';
      clearTimeout(soon);
      soon = setTimeout(show, 50);
    } else {
      told(change);
      clearTimeout(soon);
      soon = setTimeout(renew, 150);
    }
  };

  if (body.dataset.follow && window.EventSource) {
    const about = body.dataset.follow === '*' ? '' : 'connection=' + encodeURIComponent(body.dataset.follow);
    const from = body.dataset.from ? 'from=' + encodeURIComponent(body.dataset.from) : '';
    const source = new EventSource('/console/changes?' + [about, from].filter(Boolean).join('&'));
    source.addEventListener('change', (event) => changed(JSON.parse(event.data)));
    source.addEventListener('gap', () => location.reload());
    source.onopen = () => { body.dataset.linked = 'yes'; say(''); };
    source.onerror = () => {
      say('Not live: the connection to Perennial is broken. It is tried again.');
      if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000);
    };
    addEventListener('pagehide', () => source.close());
  }
  if (pause) {
    pause.hidden = false;
    pause.addEventListener('click', () => {
      const on = !paused();
      pause.setAttribute('aria-pressed', String(on));
      pause.textContent = on ? 'Go on' : 'Pause';
      show();
    });
  }

  // Keys: / finds, arrows go through rows.
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest && event.target.closest('input, select, textarea');
    if (event.key === '/' && !typing) {
      const find = document.querySelector('[data-slash]');
      if (find && find.offsetParent !== null) {
        event.preventDefault();
        find.focus();
        find.select();
      }
    }
    if (event.key === 'Escape') {
      for (const open of document.querySelectorAll('.me[open]')) {
        open.open = false;
        open.querySelector('summary').focus();
      }
    }
    const table = event.target.closest && event.target.closest('[data-rows]');
    if (table && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const links = [...table.querySelectorAll('tbody .key a')];
      const next = links[links.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1)];
      if (next) { event.preventDefault(); next.focus(); }
    }
  });
  document.addEventListener('click', (event) => {
    for (const open of document.querySelectorAll('.me[open]')) {
      if (!open.contains(event.target)) open.open = false;
    }
  });

  // Finds while one types.
  const filters = document.querySelector('form[data-instant]');
  if (filters) {
    let typed = 0;
    let asked = 0;
    const find = () => {
      const query = new URLSearchParams([...new FormData(filters)].filter(([, value]) => value));
      const address = filters.getAttribute('action') + (query.size ? '?' + query : '');
      const mine = ++asked;
      const results = document.getElementById('results');
      results.setAttribute('aria-busy', 'true');
      load(address, (fresh) => {
        if (mine !== asked) return;
        results.setAttribute('aria-busy', 'false');
        const next = fresh && fresh.getElementById('results');
        if (!next) return;
        history.replaceState(null, '', address);
        results.replaceChildren(...document.adoptNode(next).childNodes);
        const go = fresh.querySelector('.field.go');
        if (go) filters.querySelector('.field.go').replaceWith(document.adoptNode(go));
      });
    };
    filters.addEventListener('input', () => { clearTimeout(typed); typed = setTimeout(find, 220); });
    filters.addEventListener('submit', (event) => { event.preventDefault(); clearTimeout(typed); find(); });
  }

  for (const button of document.querySelectorAll('[data-copy]')) {
    const field = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener('click', async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        button.textContent = 'Copied';
      } catch (error) {
        button.textContent = document.execCommand('copy') ? 'Copied' : 'Press Ctrl-C';
      }
    });
  }
  for (const field of document.querySelectorAll('[data-must]')) {
    const button = field.form.querySelector('button');
    const check = () => { button.disabled = field.value.trim() !== field.dataset.must; };
    field.addEventListener('input', check);
    check();
  }
})();
