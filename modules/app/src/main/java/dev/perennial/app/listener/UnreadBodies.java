package dev.perennial.app.listener;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Lets go of a body that was refused. The server by itself reads it to its end before the next
 * request, whoever sends it and however long it is. Thread-safe.
 */
public final class UnreadBodies implements Filter {
  /** Read all the same: whoever is still sending so much sees the answer, and not a reset. */
  private static final long LEAST = 1 << 20;

  private static final int REFUSED = 400;

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    if (!mayBeLong(request)) {
      chain.proceed();
      return;
    }
    response.beforeSend(() -> {
      if (response.status().code() >= REFUSED) {
        response.header(HeaderValues.CONNECTION_CLOSE);
      }
    });
    chain.proceed();
    if (response.status().code() >= REFUSED) {
      readALittle(request);
    }
  }

  private static boolean mayBeLong(RoutingRequest request) {
    return request.headers().contains(HeaderNames.TRANSFER_ENCODING)
        || request.headers().contentLength().orElse(0) > LEAST;
  }

  private static void readALittle(RoutingRequest request) {
    if (request.content().consumed() || request.headers().contains(HeaderNames.EXPECT)) {
      return; // its rest is nobody's, or was never sent
    }
    try {
      InputStream in = request.content().inputStream();
      var _ = in.skip(LEAST);
    } catch (IOException | UncheckedIOException e) {
      // The connection is closed in any case.
    }
  }
}
