package dev.perennial.exchanger;

import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integration.Phase;
import dev.perennial.domain.definition.TokenRequest;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an answer to a token request means, for whoever has the answer and sent no request. */
public final class Answers {
  private static final URI NOWHERE = URI.create("https://answer.invalid/");

  private Answers() {}

  /**
   * Reads one answer to the first request of a phase, any 2xx being a success.
   *
   * @param status HTTP
   * @param headers by name in any case; Retry-After is read
   * @param body decompressed
   * @param now for a Retry-After that is a date
   */
  public static TokenOutcome read(
      Integration integration,
      Phase phase,
      int status,
      Map<String, String> headers,
      byte[] body,
      Instant now) {
    Exchange.Answered answered =
        new Exchange.Answered(status, retryAfter(headers), body, Exchange.Extent.WHOLE);
    TokenRequest request = new TokenRequest("POST", NOWHERE, List.of(), null, Set.of());
    Expected expected = Expected.token(integration.answerShape(), integration.followUps(phase));
    return switch (AnswerReader.read(request, answered, expected, now)) {
      case Answer.Good(Object good) ->
          new TokenOutcome.Granted(
              new Merging(integration).first(Kept.NOTHING, good, now, phase).response());
      case Answer.Bad bad -> bad.outcome();
    };
  }

  private static @Nullable String retryAfter(Map<String, String> headers) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase("Retry-After"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }
}
