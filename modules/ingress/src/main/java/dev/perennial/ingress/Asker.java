package dev.perennial.ingress;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The application that asked for a consent, as far as it may be told of the outcome: both are
 * checked against the listed origins each time they are read, wherever they came from.
 *
 * @param returnTo where the browser goes afterwards
 * @param opener origin of the page that opened the consent in a window of its own
 */
record Asker(Optional<ReturnAddress> returnTo, Optional<String> opener) {

  static final Asker NOBODY = new Asker(Optional.empty(), Optional.empty());

  /** Without what is not listed. */
  static Asker of(@Nullable String returnTo, @Nullable String opener, IngressSettings settings) {
    return new Asker(
        ReturnAddress.of(returnTo, settings),
        Optional.ofNullable(opener).filter(settings.returnOrigins()::contains));
  }

  /** For the query of an address of ours. */
  String query() {
    return returnTo.map(to -> "&return_to=" + encoded(to.text())).orElse("")
        + opener.map(origin -> "&popup=" + encoded(origin)).orElse("");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
