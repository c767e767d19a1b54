package dev.perennial.ingress;

import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /connect.js}: the script with which a product's page opens a consent in a window of
 * its own. The same for everybody, so any page may load it, as a module too. Immutable.
 */
final class ScriptEndpoint {
  private final String script = Pages.resource("connect.js") + "\n";
  private final String tag =
      "\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(script)) + "\"";

  /**
   * @param known {@code If-None-Match} (RFC 9110 section 13.1.2)
   */
  Answer answer(Optional<String> known) {
    boolean same =
        known
            .filter(tags ->
                Arrays.stream(tags.split(",", -1))
                    .map(one -> one.strip().replaceFirst("^W/", ""))
                    .anyMatch(one -> one.equals(tag) || one.equals("*")))
            .isPresent();
    return new Answer(
        same ? 304 : 200,
        same ? "" : script,
        Map.of(
            "Content-Type", "text/javascript; charset=utf-8",
            "ETag", tag,
            "Cache-Control", "public, max-age=300",
            "Access-Control-Allow-Origin", "*",
            "Cross-Origin-Resource-Policy", "cross-origin"));
  }
}
