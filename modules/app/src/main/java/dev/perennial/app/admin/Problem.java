package dev.perennial.app.admin;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A problem document (RFC 9457).
 *
 * @param code last part of the type, {@code urn:perennial:problem:<code>}; public contract
 * @param detail what happened here and what to do next; never a secret
 * @param members more of the document, e.g. integration and connection
 */
record Problem(
    int status, String code, String title, String detail, Map<String, @Nullable Object> members) {

  static Problem of(int status, String code, String title, String detail) {
    return new Problem(status, code, title, detail, Map.of());
  }

  static Problem badRequest(String detail) {
    return of(400, "bad-request", "The request cannot be understood", detail);
  }

  static Problem unknownConnection(ConnectionKey key) {
    return of(
            404,
            "unknown-connection",
            "No such connection",
            key + " does not exist. Connect it first: perennial connect " + key.integration())
        .about(key);
  }

  static Problem conflict(ConnectionKey key, Status status, String detail) {
    return of(409, "not-possible", "Not possible as the connection stands", detail)
        .about(key)
        .with("connection_status", status.text());
  }

  Problem about(ConnectionKey key) {
    return with("integration", key.integration()).with("connection", key.connection());
  }

  Problem with(String name, @Nullable Object value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new Problem(status, code, title, detail, more);
  }

  byte[] json() {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("type", "urn:perennial:problem:" + code);
    document.put("title", title);
    document.put("status", status);
    document.put("detail", detail);
    document.putAll(members);
    return Json.write(document);
  }
}
