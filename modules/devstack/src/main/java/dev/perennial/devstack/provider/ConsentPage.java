package dev.perennial.devstack.provider;

/** The pages a person sees at the simulated provider. */
final class ConsentPage {
  private static final String FRAME =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%1$s</title>
      <style>
      :root { color-scheme: light dark; }
      body { margin: 0; min-height: 100vh; display: grid; place-items: center;
             font: 16px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
      main { width: min(26rem, calc(100vw - 3rem)); padding: 2rem; box-sizing: border-box;
             border: 1px solid #8886; border-radius: 12px; }
      h1 { margin: 0 0 .75rem; font-size: 1.25rem; }
      p { margin: 0 0 1rem; overflow-wrap: anywhere; }
      ul { margin: 0 0 1.5rem; padding-left: 1.25rem; overflow-wrap: anywhere; }
      nav { display: flex; gap: .75rem; }
      a { flex: 1; padding: .6rem 1rem; border-radius: 8px; border: 1px solid #8886;
          text-align: center; text-decoration: none; color: inherit; }
      a.allow { background: #1a6b3c; border-color: #1a6b3c; color: #fff; }
      small { display: block; margin-top: 1.5rem; opacity: .7; }
      </style>
      </head>
      <body>
      <main>
      %2$s
      <small>A pretend provider for trying Perennial. No real account is behind it.</small>
      </main>
      </body>
      </html>
      """;

  private ConsentPage() {}

  static String ask(String provider, String client, String scope, String allow, String deny) {
    String body =
        """
        <h1>%s</h1>
        <p><strong>%s</strong> asks for access to your account:</p>
        <ul>%s</ul>
        <nav>
        <a class="deny" id="deny" href="%s">Deny</a>
        <a class="allow" id="allow" href="%s">Allow</a>
        </nav>
        """
            .formatted(
                escaped(provider), escaped(client), scopes(scope), escaped(deny), escaped(allow));
    return FRAME.formatted(escaped("Consent – " + provider), body);
  }

  static String refused(String provider, String why) {
    String body = "<h1>%s cannot go on</h1>\n<p>%s</p>".formatted(escaped(provider), escaped(why));
    return FRAME.formatted(escaped("Error – " + provider), body);
  }

  private static String scopes(String scope) {
    if (scope.isBlank()) {
      return "<li>nothing in particular</li>";
    }
    StringBuilder items = new StringBuilder();
    for (String one : scope.strip().split("[ ,]+", -1)) {
      items.append("<li>").append(escaped(one)).append("</li>");
    }
    return items.toString();
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
