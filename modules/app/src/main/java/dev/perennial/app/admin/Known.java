package dev.perennial.app.admin;

import dev.perennial.app.config.Durations;
import dev.perennial.domain.credential.CredentialState;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a caller holds already, and how long it waits for something newer (RFC 9110 section 13.1.2).
 *
 * @param tags of {@code If-None-Match}; empty without
 * @param patience how long it waits; zero where it does not
 */
record Known(List<String> tags, Duration patience) {
  static final String WAIT = "wait";
  private static final Duration MOST = Duration.ofSeconds(60);

  /**
   * @throws Refusal where the time is none, too long, or waited for with nothing to compare
   */
  static Known of(ServerRequest request, Query query) {
    List<String> tags = request.headers().values(HeaderNames.IF_NONE_MATCH);
    Optional<String> wait = query.text(WAIT);
    if (wait.isPresent() && tags.isEmpty()) {
      throw new Refusal(
          Problem.badRequest(
              "Parameter wait needs the header If-None-Match with the ETag that you have."));
    }
    return new Known(tags, wait.map(Known::patience).orElse(Duration.ZERO));
  }

  private static Duration patience(String text) {
    try {
      Duration wait = Durations.parse(text);
      if (!wait.isNegative() && wait.compareTo(MOST) <= 0) {
        return wait;
      }
    } catch (IllegalArgumentException _) {
      // told below
    }
    throw new Refusal(
        Problem.badRequest("Parameter wait must be a duration such as 30s, at most 60s."));
  }

  boolean is(CredentialState state) {
    return EntityTag.matches(tags, state);
  }
}
