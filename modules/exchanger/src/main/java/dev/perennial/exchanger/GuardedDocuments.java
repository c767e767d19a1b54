package dev.perennial.exchanger;

import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.exchanger.Exchange.Answered;
import dev.perennial.exchanger.Exchange.Extent;
import dev.perennial.exchanger.Exchange.NoAnswer;
import dev.perennial.exchanger.Exchange.NotSent;
import dev.perennial.exchanger.TokenEndpoint.Connection;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Reads documents that are no provider's, under the guard of a token endpoint: addresses judged
 * after DNS and connected to as judged, no redirect followed, no proxy of the environment, a
 * bounded answer within a bounded time. Blocks; meant for virtual threads. Thread-safe.
 */
public final class GuardedDocuments {
  private final TokenEndpoint endpoint;
  private final Duration longest;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  /**
   * @param endpoint stays the caller's to close
   * @param longest for each document, its connection with it
   */
  public GuardedDocuments(
      TokenEndpoint endpoint, Duration longest, InstantSource clock, LongSupplier nanoTime) {
    this.endpoint = endpoint;
    this.longest = longest;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * What an address answered.
   *
   * @param body decompressed
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Document(int status, byte[] body) {}

  /**
   * Asks once, by GET.
   *
   * @param most bytes of a document
   * @throws IOException where there is no whole answer; the message says why in a few words
   */
  public Document get(URI address, String accept, int most) throws IOException {
    TokenRequest request =
        new TokenRequest(
            "GET", address, List.of(new TokenRequest.Header("Accept", accept)), null, Set.of());
    Deadline deadline = Deadline.after(longest, nanoTime, clock);
    return switch (endpoint.send(request, deadline, Connection.FRESH, () -> true)) {
      case Answered(int status, _, byte[] body, Extent extent) -> {
        if (extent != Extent.WHOLE || body.length > most) {
          throw new IOException("an answer too long, or in a coding that is not known");
        }
        yield new Document(status, body);
      }
      case NotSent(String why) -> throw new IOException(why);
      case NoAnswer(String why) -> throw new IOException(why);
    };
  }
}
