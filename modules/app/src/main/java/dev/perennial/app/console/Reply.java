package dev.perennial.app.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer before it is written.
 *
 * @param stream writes the body as it comes to be; null where the body is there
 */
record Reply(int status, Map<String, String> headers, String body, @Nullable Stream stream) {

  /** Writes a body of any length. */
  @FunctionalInterface
  interface Stream {
    void write(OutputStream out) throws IOException;
  }

  private static final String CACHE = "Cache-Control";

  static Reply html(int status, String page) {
    return new Reply(
        status, Map.of("Content-Type", "text/html; charset=utf-8", CACHE, "no-store"), page, null);
  }

  /** To another page, which is then asked for with GET (RFC 9110 section 15.4.4). */
  static Reply see(String address) {
    return new Reply(303, Map.of("Location", address, CACHE, "no-store"), "", null);
  }

  static Reply plain(int status, String text) {
    return new Reply(
        status, Map.of("Content-Type", "text/plain; charset=utf-8", CACHE, "no-store"), text, null);
  }

  /** Under a name that changes with its content. */
  static Reply asset(String type, String content) {
    return new Reply(
        200,
        Map.of("Content-Type", type, CACHE, "public, max-age=31536000, immutable"),
        content,
        null);
  }

  static Reply events(Stream stream) {
    return new Reply(
        200, Map.of("Content-Type", "text/event-stream", CACHE, "no-store"), "", stream);
  }

  Reply with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Reply(status, more, body, stream);
  }

  byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }
}
