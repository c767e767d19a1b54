package dev.perennial.ingress;

import dev.perennial.domain.ConnectionKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a browser goes after a consent, if its origin is listed. Checked each time it is read,
 * wherever it came from: an open redirector would lend our name to anybody (RFC 9700 section 4.11).
 *
 * @param text as it was given
 */
record ReturnAddress(String text, WebAddress address) {

  /** Empty where there is none, or its origin is not listed. */
  static Optional<ReturnAddress> of(@Nullable String text, IngressSettings settings) {
    return text == null
        ? Optional.empty()
        : WebAddress.read(text)
            .filter(address -> settings.returnOrigins().contains(address.origin()))
            .map(address -> new ReturnAddress(text, address));
  }

  /** The link for a page, with the outcome in its query. */
  Notice.Action.Return with(String status, ConnectionKey key) {
    return new Notice.Action.Return(
        address.host(),
        address.withQuery(
            "perennial_status="
                + status
                + "&connection="
                + URLEncoder.encode(key.toString(), StandardCharsets.UTF_8)));
  }
}
