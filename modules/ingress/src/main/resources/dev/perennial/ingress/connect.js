/*
 * Perennial.connect(connectUrl, { onstatus, signal }), called in a click, opens a consent link in a
 * window of its own and resolves to { status, connection, reason }: connected, failed, expired or
 * closed. Rejects with a PopupBlockedError, on signal, and where the link cannot be asked about.
 * A hint for your page: your backend asks the admin API, or reads the topic. See docs/connect.md.
 */
(() => {
  const ENDS = ['connected', 'failed', 'expired'];

  function blank() {
    const [width, height] = [540, 720];
    const left = Math.round(screenX + Math.max(0, outerWidth - width) / 2);
    const top = Math.round(screenY + Math.max(0, outerHeight - height) / 2);
    const place = `popup,width=${width},height=${height},left=${left},top=${top}`;
    const popup = open('', '_blank', place);
    if (!popup) {
      throw Object.assign(new Error('The window was blocked.'), { name: 'PopupBlockedError' });
    }
    return popup;
  }

  async function look(link, signal) {
    const body = new URLSearchParams({ session: link.searchParams.get('session') ?? '' });
    const options = { method: 'POST', body, credentials: 'omit', signal };
    const answer = await fetch(link.origin + link.pathname + '/status', options);
    if (answer.status === 404) {
      return { status: 'expired' };
    }
    return answer.ok ? answer.json() : {};
  }

  async function follow(popup, link, { onstatus, signal }) {
    const before = await look(link, signal);
    let now = before;
    let seen;
    let away = 0;
    let wake;
    const heard = (event) => event.source === popup && event.origin === link.origin && wake?.();
    addEventListener('message', heard);
    try {
      link.searchParams.set('popup', location.origin);
      popup.location.replace(link);
      for (;;) {
        if (now.status && now.status !== seen) {
          onstatus?.((seen = now.status));
        }
        // A link whose last consent failed may be tried again.
        const old = now.usable && now.authorization === before.authorization;
        if (ENDS.includes(now.status) && !old) {
          return now;
        }
        // A provider's page may cut the window off; then it only looks closed, and has the focus.
        away = popup.closed && document.hasFocus() ? away + 1 : 0;
        if (away > 2) {
          return { ...now, status: 'closed' };
        }
        await new Promise((resolve) => setTimeout((wake = resolve), 1000));
        now = await look(link, signal).catch(() => now); // unreachable: asked again
        signal?.throwIfAborted();
      }
    } finally {
      removeEventListener('message', heard);
    }
  }

  async function connect(connectUrl, options = {}) {
    options.signal?.throwIfAborted();
    const popup = blank();
    try {
      const { status, connection, reason } = await follow(popup, new URL(await connectUrl), options);
      return { status, connection, reason };
    } catch (error) {
      popup.close();
      throw error;
    }
  }

  globalThis.Perennial = Object.freeze({ connect });
})();
