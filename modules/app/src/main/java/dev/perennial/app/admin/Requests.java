package dev.perennial.app.admin;

import dev.perennial.domain.ConnectionKey;
import io.helidon.common.media.type.MediaType;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request holds. Each method throws {@link Refusal} where it is not as it should be. */
final class Requests {
  private static final int MAX_BODY = 64 << 10;
  private static final MediaType LINES = MediaTypes.create("application/x-ndjson");

  private Requests() {}

  static ConnectionKey connection(ServerRequest request) {
    try {
      return new ConnectionKey(
          request.path().pathParameters().get("integration"),
          request.path().pathParameters().get("connection"));
    } catch (IllegalArgumentException e) {
      throw new Refusal(Problem.badRequest(Objects.toString(e.getMessage(), "")));
    }
  }

  static Query query(ServerRequest request, Set<String> known) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : request.query().names()) {
      List<String> all = request.query().all(name, List::of);
      if (all.size() > 1) {
        throw new Refusal(
            Problem.badRequest("Parameter " + Query.printable(name) + " stands there twice."));
      }
      values.put(name, all.isEmpty() ? "" : all.getFirst());
    }
    return new Query(values, known);
  }

  /** A JSON object of at most 64 KiB. */
  static Map<String, @Nullable Object> body(ServerRequest request) {
    return body(request, MAX_BODY);
  }

  /** A JSON object of at most so many bytes. */
  static Map<String, @Nullable Object> body(ServerRequest request, int most) {
    checkType(request, MediaTypes.APPLICATION_JSON);
    return Json.read(bytes(request, most));
  }

  /** JSON objects, one a line, as many as there are. */
  static InputStream lines(ServerRequest request) {
    checkType(request, LINES);
    return request.content().inputStream();
  }

  private static void checkType(ServerRequest request, MediaType wanted) {
    boolean matches =
        request.headers().contentType().filter(type -> type.mediaType().equals(wanted)).isPresent();
    if (!matches) {
      throw new Refusal(
          Problem.of(
              415,
              "not-json",
              "The body must be JSON",
              "Send Content-Type: " + wanted.text() + "."));
    }
  }

  private static byte[] bytes(ServerRequest request, int most) {
    try {
      InputStream in = request.content().inputStream(); // closing it would read the rest
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new Refusal(
            Problem.of(413, "too-large", "The body is too long", "At most " + most + " bytes."));
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
