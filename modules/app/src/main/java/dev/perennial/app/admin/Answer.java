package dev.perennial.app.admin;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A response before it is written.
 *
 * @param stream writes the body as it comes to be; null where the body is there
 * @param told for the audit trail
 */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
record Answer(
    int status, Map<String, String> headers, byte[] body, @Nullable Body stream, Told told) {

  /** Writes a body of any length. */
  @FunctionalInterface
  interface Body {
    /** What it throws cuts the body short in a way that the other side can tell. */
    void write(OutputStream out) throws IOException;
  }

  Answer(int status, Map<String, String> headers, byte[] body) {
    this(status, headers, body, null, Told.NOTHING);
  }

  /** JSON objects, one a line. */
  static Answer lines(Body stream) {
    return new Answer(
        200,
        Map.of("Content-Type", "application/x-ndjson", "Cache-Control", "no-store"),
        new byte[0],
        stream,
        Told.NOTHING);
  }

  static Answer json(int status, Map<String, ? extends @Nullable Object> object) {
    return new Answer(status, Map.of("Content-Type", "application/json"), Json.write(object));
  }

  static Answer text(String type, String text) {
    return new Answer(200, Map.of("Content-Type", type), text.getBytes(StandardCharsets.UTF_8));
  }

  static Answer empty(int status) {
    return new Answer(status, Map.of(), new byte[0]);
  }

  static Answer problem(Problem problem) {
    return new Answer(
        problem.status(),
        Map.of("Content-Type", "application/problem+json"),
        problem.json(),
        null,
        Told.of(problem));
  }

  Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body, stream, told);
  }

  /** The same, with what the audit trail learns of it. */
  Answer telling(Told what) {
    return new Answer(status, headers, body, stream, what);
  }
}
